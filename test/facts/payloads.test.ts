import { expect } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { openSandbox, recordOf, rowsOf, type Delivery } from '../../src/sandbox/testing.ts';
import { wordOf } from '../../src/sandbox/plant/row.ts';
import { fact } from './fact.ts';
import { aRecord, made, told } from './hooks.ts';

const bodiesOf = (deliveries: readonly Delivery[], type: string): readonly JsonObject[] =>
  deliveries.filter(({ path }) => path === `/${type}`).map(({ body }) => body);

fact('1.3 thin-payload', async () => {
  await using client = await openSandbox();
  const [delivery] = await told(client, ['NEW_WORK_ORDER'], () => client.call('POST', '/workorders', { title: 'A' }));
  expect(delivery?.body).toEqual({
    workOrderId: expect.any(Number),
    orgId: client.sandbox.organizationId,
    occurredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\.\d{3}Z$/),
  });
});

fact('1.3 work-order-events', async () => {
  await using client = await openSandbox();
  const user = aRecord(client, 'user');
  const other = aRecord(client, 'user', ({ id }) => id !== user.id);
  const id = await made(client, '/workorders', { title: 'A', assignees: [{ type: 'USER', id: user.id }] });
  const got = await told(
    client,
    ['WORK_ORDER_CHANGE', 'WORK_ORDER_DELETE'],
    async () => {
      await client.call('PATCH', `/workorders/${id}`, { assignees: [{ type: 'USER', id: other.id }] });
      await client.call('DELETE', `/workorders/${id}`);
    },
    {},
    2,
  );
  expect(bodiesOf(got, 'WORK_ORDER_CHANGE')[0]).toMatchObject({
    workOrderId: id,
    addedAssigneeIds: [other.id],
    removedAssigneeIds: [user.id],
  });
  expect(bodiesOf(got, 'WORK_ORDER_DELETE')[0]).toMatchObject({ workOrderId: id });
});

fact('1.3 status-and-sub-status', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/workorders', { title: 'A' });
  const [delivery] = await told(client, ['WORK_ORDER_STATUS_CHANGE'], () =>
    client.call('PATCH', `/workorders/${id}/status`, { status: 'CANCELED' }),
  );
  expect(delivery?.body).toMatchObject({
    workOrderId: id,
    oldStatus: 'OPEN',
    newStatus: 'DONE',
    newSubStatus: 'CANCELED',
  });
  expect(recordOf(await client.get(`/workorders/${id}`), 'workOrder')['status']).toBe('CANCELED');
});

fact('1.3 part-status', async () => {
  await using client = await openSandbox();
  const part = aRecord(client, 'part');
  const id = await made(client, '/workorders', { title: 'A', partsUsed: [{ partId: part.id, quantityUsed: 1 }] });
  const got = await told(
    client,
    ['WORK_ORDER_PART_STATUS_CHANGE'],
    () => client.call('PATCH', `/workorders/${id}/partStatus`, { partStatus: 'STAGED' }),
    { filters: { oneOfPartStatuses: ['staged'] } },
  );
  expect(got[0]?.body).toMatchObject({ workOrderId: id, newPartStatus: 'STAGED' });
});

fact('1.3 capital-w', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/workorders', { title: 'Gone soon' });
  const [delivery] = await told(client, ['WORK_ORDER_DELETE'], () => client.call('DELETE', `/workorders/${id}`), {
    options: { serializeEntity: true },
  });
  expect(delivery?.body['WorkOrder']).toMatchObject({ title: 'Gone soon' });
  expect(delivery?.body).not.toHaveProperty('workOrder');
});

fact('1.3 comment-type', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/workorders', { title: 'A' });
  const [delivery] = await told(client, ['NEW_COMMENT_ON_WORK_ORDER'], () =>
    client.call('POST', `/workorders/${id}/comments`, { content: 'Hello' }),
  );
  expect(delivery?.body).toMatchObject({ workOrderId: id, type: 'TEXT', comment: 'Hello' });
});

fact('1.3 request-ids', async () => {
  await using client = await openSandbox();
  const got = await told(
    client,
    ['NEW_WORK_REQUEST', 'WORK_REQUEST_STATUS_CHANGE'],
    async () => {
      const id = await made(client, '/workrequests', { title: 'It leaks' });
      await made(client, '/workorders', { title: 'Mend it', workRequestId: id });
    },
    {},
    2,
  );
  const [created] = bodiesOf(got, 'NEW_WORK_REQUEST');
  expect(created?.['workRequestId']).toEqual(expect.any(Number));
  expect(bodiesOf(got, 'WORK_REQUEST_STATUS_CHANGE')[0]).toMatchObject({
    requestId: created?.['workRequestId'],
    oldStatus: 'PENDING',
    newStatus: 'APPROVED',
  });
});

fact('1.3 asset-status', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/assets', { name: 'Press' });
  const [delivery] = await told(client, ['ASSET_STATUS_CHANGE'], () =>
    client.call('POST', `/assets/${id}/status`, { status: 'OFFLINE', downtimeType: 'UNPLANNED' }),
  );
  expect(delivery?.body).toMatchObject({
    assetId: id,
    oldStatus: { status: 'ONLINE' },
    newStatus: { status: 'OFFLINE', downtimeType: 'UNPLANNED' },
  });
});

fact('1.3 trigger-state', async () => {
  await using client = await openSandbox();
  const meter = await made(client, '/meters', { name: 'Temperature', unit: 'C', measurementType: 'IOT_DEVICE' });
  const [delivery] = await told(
    client,
    ['METER_TRIGGER_STATE_CHANGE'],
    async () => {
      await made(client, '/metertriggers', {
        meterTrigger: { name: 'Too hot', meterId: meter, condition: 'IS_GREATER', amount: 80 },
      });
      await client.call('POST', '/meterreadings', [{ meterId: meter, value: 95 }]);
    },
    {},
    1,
  );
  expect(delivery?.body).toMatchObject({
    meterId: meter,
    meterTriggerId: expect.any(Number),
    oldState: expect.any(String),
    newState: expect.any(String),
  });
});

fact('1.3 part-quantity', async () => {
  await using client = await openSandbox();
  const part = aRecord(client, 'part', ({ locations }) => Array.isArray(locations) && locations.length > 0);
  const [place] = rowsOf({ ...(await client.get(`/parts/${part.id}`)), json: part }, 'locations');
  const before = Number(place?.['availableQuantity']);
  const [delivery] = await told(client, ['PART_QUANTITY_CHANGE'], () =>
    client.call('PATCH', `/parts/${part.id}`, {
      locations: { addedUpdated: [{ locationId: Number(place?.['locationId']), availableQuantity: before + 4 }] },
    }),
  );
  expect(delivery?.body).toMatchObject({ partId: part.id, quantityDiff: 4, locations: expect.any(Array) });
});

fact('1.3 part-transfer', async () => {
  await using client = await openSandbox();
  const stocked = (record: JsonObject): boolean =>
    rowsOf({ status: 200, headers: new Headers(), text: '', json: record }, 'locations').some(
      (place) => Number(place['availableQuantity']) > 1,
    );
  const source = aRecord(client, 'part', stocked);
  const destination = aRecord(client, 'part', (part) => stocked(part) && part['id'] !== source.id);
  const request = await made(client, '/parttransferrequests', {
    quantityRequested: 1,
    sourcePartId: source.id,
    destinationPartId: destination.id,
  });
  const placeOf = (part: JsonObject): number =>
    Number(rowsOf({ status: 200, headers: new Headers(), text: '', json: part }, 'locations')[0]?.['locationId']);
  const got = await told(
    client,
    ['PART_TRANSFER', 'PART_QUANTITY_CHANGE'],
    async () => {
      const path = `/parttransferrequests/${request}`;
      await client.call('PATCH', path, {
        status: 'APPROVED',
        quantity: 1,
        sourceLocationId: placeOf(source),
        destinationLocations: [{ locationId: placeOf(destination), quantity: 1 }],
      });
      await client.call('PATCH', path, { status: 'COMPLETED', quantity: 1 });
    },
    {},
    2,
  );
  const [transfer] = bodiesOf(got, 'PART_TRANSFER');
  expect(transfer).toMatchObject({
    sourceData: expect.any(Object),
    destinationData: expect.any(Object),
    triggeredAt: expect.any(String),
  });
  expect(transfer).not.toHaveProperty('orgId');
  expect(bodiesOf(got, 'PART_QUANTITY_CHANGE').length).toBeGreaterThan(0);
});

fact('1.3 event-type-hint', async () => {
  for (const [eventTypeInHooks, expected] of [
    ['always', 'NEW_VENDOR'],
    ['never', undefined],
  ] as const) {
    await using client = await openSandbox({ eventTypeInHooks });
    const [delivery] = await told(client, ['NEW_VENDOR'], () => client.call('POST', '/vendors', { name: 'Bolts' }));
    expect(delivery?.body['eventType']).toBe(expected);
  }
});

fact('1.3 snapshots', async () => {
  await using client = await openSandbox();
  const create = (): ReturnType<typeof client.call> =>
    client.call('POST', '/workorders', { title: 'A', priority: 'HIGH' });
  const [thin] = await told(client, ['NEW_WORK_ORDER'], create);
  expect(thin?.body).not.toHaveProperty('newWorkOrder');
  const got = await told(client, ['NEW_WORK_ORDER'], create, { options: { serializeEntity: true } });
  const snapshot = got.map(({ body }) => body['newWorkOrder']).find((one) => one !== undefined);
  expect(snapshot).toMatchObject({ title: 'A', priority: 'HIGH' });
  for (const field of ['id', 'status']) expect(snapshot).not.toHaveProperty(field);
});

fact('1.3 silent-changes', async () => {
  await using client = await openSandbox();
  const got = await told(
    client,
    [
      'NEW_ASSET',
      'NEW_LOCATION',
      'NEW_VENDOR',
      'ASSET_STATUS_CHANGE',
      'PURCHASE_ORDER_CHANGE',
      'PURCHASE_ORDER_STATUS_CHANGE',
    ],
    async () => {
      for (const kind of ['assets', 'locations', 'vendors', 'teams', 'meters']) {
        const record = rowsOf(await client.get(`/${kind}?limit=1`), kind)[0];
        const path = `/${kind}/${Number(record?.['id'])}`;
        expect((await client.call('PATCH', path, { name: 'Renamed' })).status).toBe(200);
      }
      const meter = aRecord(client, 'meter');
      await client.call('POST', '/meterreadings', [{ meterId: meter.id, value: 1 }]);
      const order = aRecord(client, 'purchase-order');
      expect((await client.call('DELETE', `/purchaseorders/${order.id}`)).status).toBe(204);
      const vendor = await made(client, '/vendors', { name: 'Marker' });
      expect((await client.call('DELETE', `/vendors/${vendor}`)).status).toBe(204);
    },
  );
  // Only the marker vendor's creation is told.
  expect(got.map(({ path }) => path)).toEqual(['/NEW_VENDOR']);
});

fact('1.3 silent-time', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/workorders', { title: 'A' });
  const before = recordOf(await client.get(`/workorders/${id}`), 'workOrder');
  const got = await told(client, ['WORK_ORDER_CHANGE', 'WORK_ORDER_STATUS_CHANGE', 'NEW_VENDOR'], async () => {
    const cost = await client.call('POST', `/workorders/${id}/costs`, {
      type: 'TIME',
      costType: 'WORK',
      durationTotal: 600,
      hourlyRate: 5000,
    });
    expect(cost.status, cost.text).toBe(201);
    await made(client, '/vendors', { name: 'Marker' });
  });
  expect(got.map(({ path }) => path)).toEqual(['/NEW_VENDOR']);
  expect(recordOf(await client.get(`/workorders/${id}`), 'workOrder')['updatedAt']).toBe(before['updatedAt']);
});

fact('1.3 asset-history', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/assets', { name: 'Press' });
  for (const status of ['OFFLINE', 'ONLINE', 'OFFLINE']) await client.call('POST', `/assets/${id}/status`, { status });
  const page = await client.get(`/assetstatuses?assetId=${id}&sort=-startedAt&limit=2`);
  expect(rowsOf(page, 'assetStatuses').map(({ status }) => status)).toEqual(['OFFLINE', 'ONLINE']);
  const next = await client.get(
    `/assetstatuses?assetId=${id}&sort=-startedAt&limit=200&cursor=${wordOf(page.json['nextCursor'])}`,
  );
  const older = rowsOf(next, 'assetStatuses');
  expect(older.map(({ status }) => status)).toEqual(['OFFLINE', 'ONLINE']);
  expect(older.every(({ endedAt }) => typeof endedAt === 'string')).toBe(true);
});

fact('1.3 no-work-order-history', async () => {
  await using client = await openSandbox();
  const order = aRecord(client, 'work-order');
  for (const path of ['history', 'statuses', 'activities', 'events'])
    expect((await client.get(`/workorders/${order.id}/${path}`)).status).toBe(404);
});

fact('1.3 nulls-in-hooks', async () => {
  await using client = await openSandbox({ eventTypeInHooks: 'always' });
  const [delivery] = await told(client, ['NEW_WORK_ORDER'], () => client.call('POST', '/workorders', { title: 'A' }));
  expect(delivery?.body).toMatchObject({ eventType: 'NEW_WORK_ORDER', customerId: null });
});

fact('1.3 filters', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/workorders', { title: 'A' });
  const got = await told(
    client,
    ['WORK_ORDER_STATUS_CHANGE'],
    async () => {
      for (const status of ['IN_PROGRESS', 'ON_HOLD', 'DONE'])
        await client.call('PATCH', `/workorders/${id}/status`, { status });
    },
    { filters: { oneOfStatuses: ['DONE'] } },
  );
  expect(got.map(({ body }) => body['newStatus'])).toEqual(['DONE']);
});
