import { describe, expect, it, test } from 'vitest';
import { failureOf, NOW, openSite } from './testing.ts';

const DAY = 24 * 60 * 60_000;
const iso = (time: number): string => new Date(time).toISOString();

/** Nothing reaches MaintainX: the code, and that nobody was asked. */
async function refusal(work: (client: ReturnType<Awaited<ReturnType<typeof openSite>>['client']>) => Promise<unknown>) {
  await using site = await openSite();
  const error = await failureOf(work(site.client()));
  expect(site.asked).toEqual([]);
  expect(error).toMatchObject({ status: 400, retryable: false });
  return error;
}

describe('statuses CANCELED and SKIPPED together (FACTS 2.3: 200 and an empty list)', () => {
  it('are refused, in any superset', async () => {
    for (const statuses of [['CANCELED', 'SKIPPED'] as const, ['SKIPPED', 'OPEN', 'CANCELED'] as const]) {
      const error = await refusal((client) => client.call('listWorkOrders', { query: { statuses } }));
      expect(error.code).toBe('maintainx-statuses-combined');
      expect(error.message).toContain('two calls');
    }
  });

  it('are refused in a walk over pages too', async () => {
    const error = await refusal((client) =>
      client.pagesOf('listWorkOrders', { query: { statuses: ['CANCELED', 'SKIPPED'] } }).next(),
    );
    expect(error.code).toBe('maintainx-statuses-combined');
  });

  it('pass apart', async () => {
    await using site = await openSite({ body: { workOrders: [] } });
    await site.client().call('listWorkOrders', { query: { statuses: ['CANCELED', 'DONE'] } });
    await site.client().call('listWorkOrders', { query: { statuses: ['SKIPPED'] } });
    expect(site.asked.map((one) => one.url.searchParams.getAll('statuses'))).toEqual([
      ['CANCELED', 'DONE'],
      ['SKIPPED'],
    ]);
  });
});

test('show_upcoming is true unless the caller says false (FACTS 2.3: future work orders are hidden otherwise)', async () => {
  await using site = await openSite({ body: { workOrders: [] } });
  await site.client().call('listWorkOrders');
  await site.client().call('listWorkOrders', { query: { show_upcoming: false } });
  expect(site.asked.map((one) => one.url.searchParams.get('show_upcoming'))).toEqual(['true', 'false']);
});

describe('a limit outside 1 to 200 (FACTS 2.3)', () => {
  it.each([0, 201, 250, 1.5])('of %s is refused', async (limit) => {
    const error = await refusal((client) => client.call('listAssets', { query: { limit } }));
    expect(error).toMatchObject({
      code: 'maintainx-call-invalid',
      details: { problems: [{ fieldPath: 'query.limit', fieldValue: limit }] },
    });
  });
});

test('a limit above 200 is refused in the lists by kind too', async () => {
  expect((await refusal((client) => client.list('asset', { limit: 250 }))).code).toBe('maintainx-call-invalid');
});

describe('words that MaintainX does not know (FACTS 2.3: a bad token 400s the whole page)', () => {
  it.each([
    ['an expand token', { expand: ['asset', 'everything'] }, 'query.expand.1'],
    ['camel case', { expand: ['extraFields'] }, 'query.expand.0'],
    ['a sort', { sort: 'id' }, 'query.sort'],
    ['a status', { statuses: ['COMPLETED'] }, 'query.statuses.0'],
    ['a priority', { priorities: ['URGENT'] }, 'query.priorities.0'],
    ['a parameter', { status: 'OPEN' }, 'query.status'],
    ['a custom field', { Industry: 'Construction' }, 'query.Industry'],
    ['a single value for a list', { statuses: 'OPEN' }, 'query.statuses'],
  ])('%s is refused', async (_what, query, fieldPath) => {
    const loose: object = query;
    const error = await refusal((client) => client.call('listWorkOrders', { query: loose }));
    expect(error).toMatchObject({ code: 'maintainx-call-invalid', details: { problems: [{ fieldPath }] } });
  });
});

describe('deprecated stock fields (FACTS 2.4: they switch off multi-location parts for the organisation)', () => {
  const id = 1;
  it.each([{ area: 'A' }, { availableQuantity: 1 }, { locationId: 7 }, { minimumQuantity: 1 }])(
    'are refused in updatePart: %j',
    async (body) => {
      const error = await refusal((client) => client.call('updatePart', { path: { id }, body }));
      expect(error.code).toBe('maintainx-legacy-stock');
      expect(error.message).toContain('locations.addedUpdated');
      const byKind = await refusal((client) => client.update('part', '1', body));
      expect(byKind.code).toBe('maintainx-legacy-stock');
    },
  );

  it('are refused in purchase orders: items[].quantityReceived', async () => {
    const items = [{ id: 5, quantityReceived: 2 }];
    const fulfilled = await refusal((client) =>
      client.call('updatePurchaseOrderFulfillment', { path: { id }, body: { items } }),
    );
    const updated = await refusal((client) =>
      client.call('updatePurchaseOrder', {
        path: { id },
        body: { items: [{ id: 5, quantityOrdered: 2, quantityReceived: 2 }] },
      }),
    );
    expect([fulfilled.code, updated.code]).toEqual(['maintainx-legacy-stock', 'maintainx-legacy-stock']);
  });

  it('pass with allowLegacyStock; what replaces them passes anyway', async () => {
    await using site = await openSite({ body: { part: {} } });
    const client = site.client();
    await client.call('updatePart', { path: { id }, body: { area: 'A' }, allowLegacyStock: true });
    await client.call('updatePart', { path: { id }, body: { locations: { removedLocationIds: [3] } } });
    expect(site.asked).toHaveLength(2);
  });

  it('pass as fulfillments', async () => {
    await using site = await openSite({ body: { purchaseOrder: {} } });
    const items = [{ id: 5, fulfillments: [{ locationId: 3, quantityReceived: 2 }] }];
    await site.client().call('updatePurchaseOrderFulfillment', { path: { id }, body: { items } });
    expect(site.asked).toHaveLength(1);
  });
});

describe('the status of a work order (FACTS 2.4: not in PATCH /workorders/{id}; SKIPPED never)', () => {
  it('is refused in updateWorkOrder', async () => {
    const body: object = { status: 'DONE' };
    const error = await refusal((client) => client.call('updateWorkOrder', { path: { id: 1 }, body }));
    expect(error.code).toBe('maintainx-status-not-settable');
    expect(error.message).toContain('updateWorkOrderStatus');
  });

  it('SKIPPED is refused in updateWorkOrderStatus', async () => {
    const body: object = { status: 'SKIPPED' };
    const error = await refusal((client) => client.call('updateWorkOrderStatus', { path: { id: 1 }, body }));
    expect(error.code).toBe('maintainx-status-not-settable');
  });
});

test('startDate without dueDate is refused when a work order is created (FACTS 2.4)', async () => {
  const startDate = iso(NOW);
  for (const dueDate of [{}, { dueDate: null }]) {
    const body = { title: 'x', startDate, ...dueDate };
    expect((await refusal((client) => client.create('work-order', body))).code).toBe('maintainx-start-without-due');
    expect((await refusal((client) => client.call('createWorkOrder', { body }))).code).toBe(
      'maintainx-start-without-due',
    );
  }
  await using site = await openSite({ body: { id: 1 } });
  await site.client().call('createWorkOrder', { body: { title: 'x', startDate, dueDate: startDate } });
  await site.client().call('createWorkOrder', { body: { title: 'x', startDate: null } });
});

describe('a reading older than three days (FACTS 2.4)', () => {
  it('is refused, alone and in a batch', async () => {
    const readingDate = iso(NOW - 3 * DAY - 1);
    const one = await refusal((client) =>
      client.call('createMeterReading', { path: { meterId: 1 }, body: { readingValue: 1, readingDate } }),
    );
    const batch = await refusal((client) =>
      client.call('createMeterReadings', {
        body: [
          { meterId: 1, value: 1 },
          { meterId: 2, value: 1, readingDate },
        ],
      }),
    );
    expect([one.code, batch.code]).toEqual(['maintainx-reading-too-old', 'maintainx-reading-too-old']);
  });

  it('passes on the day, and with allowOldReadings', async () => {
    await using site = await openSite({ status: 201, body: [] });
    const body = (readingDate: string) => [{ meterId: 1, value: 1, readingDate }];
    await site.client().call('createMeterReadings', { body: body(iso(NOW - 3 * DAY)) });
    await site.client().call('createMeterReadings', { body: body(iso(NOW - 9 * DAY)), allowOldReadings: true });
    expect(site.asked).toHaveLength(2);
  });
});

test('includeOAuthTokensInPayload is refused (FACTS 1.3: never enable)', async () => {
  const options: object = { includeOAuthTokensInPayload: true };
  const body = { type: 'NEW_SLASH_COMMAND', url: 'https://me.example', options } as const;
  const error = await refusal((client) => client.call('createSubscription', { body }));
  expect(error.code).toBe('maintainx-tokens-in-webhooks');
});

describe('organisations (FACTS 2.1: x-organization-id or x-organization-ids, never both)', () => {
  it('several go to a list that takes them', async () => {
    await using site = await openSite({ body: { assets: [] } });
    await site.client().call('listAssets', { organizationIds: [1, '2'] });
    expect(site.only.headers).toMatchObject({ 'x-organization-ids': '1,2' });
    expect(site.only.headers['x-organization-id']).toBeUndefined();
  });

  it('both are refused', async () => {
    await using site = await openSite();
    const error = await failureOf(site.client({ organizationId: '1' }).call('listAssets', { organizationIds: [2] }));
    expect([error.code, site.asked]).toEqual(['maintainx-organization-headers', []]);
  });

  it('several are refused where the specification has no such header', async () => {
    const input: object = { organizationIds: [1] };
    expect((await refusal((client) => client.call('listUsers', input))).code).toBe('maintainx-call-invalid');
    expect((await refusal((client) => client.call('listAssets', { organizationIds: ['1,2\r\nx: y'] }))).code).toBe(
      'maintainx-call-invalid',
    );
  });
});

describe('includeOAuthTokensInPayload (FACTS 1.3: never enable)', () => {
  it('may be switched off', async () => {
    await using site = await openSite({ status: 201, body: { id: 1 } });
    const options = { includeOAuthTokensInPayload: false };
    const body = { type: 'WORK_ORDER_STATUS_CHANGE', url: 'https://me.example/hooks/a', options } as const;
    await site.client().call('createSubscription', { body });
    expect(site.only.body.toString()).toBe(JSON.stringify(body));
  });
});

test('a reading whose date nobody can read is refused, even where old ones are allowed', async () => {
  const reading = { meterId: 1, value: 2, readingDate: 'garbage' };
  for (const allowOldReadings of [false, true]) {
    const error = await refusal((client) => client.call('createMeterReadings', { body: [reading], allowOldReadings }));
    expect(error).toMatchObject({
      code: 'maintainx-call-invalid',
      details: { problems: [{ fieldPath: 'readingDate', fieldValue: 'garbage' }] },
    });
  }
});
