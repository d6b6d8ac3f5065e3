import { expect } from 'vitest';
import { fixedClock, openSandbox, rowsOf, send } from '../../src/sandbox/testing.ts';
import { wordOf } from '../../src/sandbox/plant/row.ts';
import { fact } from './fact.ts';
import { aRecord } from './hooks.ts';

fact('2.1 bearer', async () => {
  await using client = await openSandbox();
  const status = async (authorization: string): Promise<number> =>
    (await send(`${client.sandbox.url}/workorders?limit=1`, 'GET', { authorization })).status;
  expect(await status(`Bearer ${client.sandbox.apiKey}`)).toBe(200);
  expect(await status(client.sandbox.apiKey)).toBe(401);
  expect(await status(`Basic ${client.sandbox.apiKey}`)).toBe(401);
});

fact('2.1 two-401', async () => {
  await using client = await openSandbox();
  const url = `${client.sandbox.url}/workorders?limit=1`;
  const wrong = await send(url, 'GET', { authorization: 'Bearer another' });
  expect([wrong.status, wrong.json]).toEqual([401, { error: 'Invalid token' }]);
  const none = await send(url, 'GET', {});
  expect([none.status, none.text]).toEqual([401, 'Invalid authentication token']);
});

fact('2.1 extra-header', async () => {
  for (const [strictOrganizationHeader, status] of [
    [true, 401],
    [false, 200],
  ] as const) {
    await using client = await openSandbox({ strictOrganizationHeader });
    const { apiKey, organizationId, url } = client.sandbox;
    const headers = { authorization: `Bearer ${apiKey}`, 'x-organization-id': String(organizationId) };
    expect((await send(`${url}/workorders?limit=1`, 'GET', headers)).status).toBe(status);
  }
});

fact('2.1 missing-header', async () => {
  await using client = await openSandbox({ organizations: 2 });
  const { multiOrganizationKey, organizations, url } = client.sandbox;
  const authorization = `Bearer ${multiOrganizationKey}`;
  const without = await send(`${url}/workorders?limit=1`, 'GET', { authorization });
  expect([without.status, without.json]).toEqual([400, { errors: [{ error: 'Missing x-organization-id header.' }] }]);
  for (const { id } of organizations) {
    const headers = { authorization, 'x-organization-id': String(id) };
    const page = await send(`${url}/workorders?limit=1`, 'GET', headers);
    expect(rowsOf(page, 'workOrders')[0]).toMatchObject({ organizationId: id });
  }
});

fact('2.1 organization-ids', async () => {
  await using client = await openSandbox({ organizations: 2 });
  const { multiOrganizationKey, organizations, url } = client.sandbox;
  const authorization = `Bearer ${multiOrganizationKey}`;
  const ids = organizations.map(({ id }) => String(id)).join(',');
  for (const path of ['assets', 'parts', 'locations', 'manufacturers', 'models']) {
    const page = await send(`${url}/${path}?limit=200`, 'GET', { authorization, 'x-organization-ids': ids });
    expect(page.status).toBe(200);
    expect(new Set(rowsOf(page, path).map(({ organizationId }) => wordOf(organizationId)))).toEqual(
      new Set(ids.split(',')),
    );
  }
  const elsewhere = await send(`${url}/workorders`, 'GET', { authorization, 'x-organization-ids': ids });
  expect(elsewhere.status).toBe(400);
  const both = { authorization, 'x-organization-ids': ids, 'x-organization-id': String(organizations[0]?.id) };
  expect((await send(`${url}/assets`, 'GET', both)).status).toBe(400);
});

fact('2.1 organizations', async () => {
  await using client = await openSandbox({ organizations: 3 });
  const { multiOrganizationKey, organizations, url, apiKey } = client.sandbox;
  const listed = async (key: string): Promise<readonly unknown[]> =>
    rowsOf(await send(`${url}/organizations`, 'GET', { authorization: `Bearer ${key}` }), 'organizations').map(
      ({ id }) => id,
    );
  expect(await listed(multiOrganizationKey)).toEqual(organizations.map(({ id }) => id));
  expect(await listed(apiKey)).toEqual([client.sandbox.organizationId]);
});

fact('2.1 versions', async () => {
  await using client = await openSandbox();
  const versions = await send(`${client.sandbox.url.replace(/\/v1$/, '')}/versions`, 'GET', {});
  expect([versions.status, JSON.parse(versions.text)]).toEqual([200, [{ version: expect.any(String) }]]);
});

const limited = { requestsPerMinute: 100, organisationRequestsPerMinute: 500 };

fact('2.2 per-user', async () => {
  await using client = await openSandbox({ ...limited, clock: fixedClock() });
  const user = aRecord(client, 'user', ({ role }) => role !== 'SERVICE_ACCOUNT');
  const own = { authorization: `Bearer ${client.sandbox.apiKey}` };
  const ask = (headers: Record<string, string>): ReturnType<typeof send> =>
    send(`${client.sandbox.url}/teams?limit=1`, 'GET', headers);
  for (let count = 0; count < 100; count++) expect((await ask(own)).status).toBe(200);
  expect((await ask(own)).status).toBe(429);
  // Another user has a window of his own.
  expect((await ask({ authorization: `Bearer ${client.sandbox.apiKey}-${user.id}` })).status).toBe(200);
});

fact('2.2 per-organisation', async () => {
  await using client = await openSandbox({ ...limited, clock: fixedClock() });
  const statuses: number[] = [];
  for (const { id } of client.sandbox.records('user').slice(0, 6)) {
    const headers = { authorization: `Bearer ${client.sandbox.apiKey}-${Number(id)}` };
    for (let count = 0; count < 100; count++)
      statuses.push((await send(`${client.sandbox.url}/teams?limit=1`, 'GET', headers)).status);
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(500);
  expect(statuses.slice(500).every((status) => status === 429)).toBe(true);
});

fact('2.2 headers', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ ...limited, clock });
  const first = await client.get('/teams?limit=1');
  expect(first.headers.get('x-rate-limit-limit')).toBe('100');
  expect(first.headers.get('x-rate-limit-remaining')).toBe('99');
  const reset = Number(first.headers.get('x-rate-limit-reset'));
  expect(reset).toBeGreaterThan(0);
  expect(reset).toBeLessThanOrEqual(60);
  clock.move(reset * 1000);
  expect((await client.get('/teams?limit=1')).headers.get('x-rate-limit-remaining')).toBe('99');
});

fact('2.2 body-429', async () => {
  await using client = await openSandbox({ requestsPerMinute: 1, clock: fixedClock() });
  await client.get('/teams?limit=1');
  const refused = await client.get('/teams?limit=1');
  expect(refused.json).toEqual({ error: expect.stringMatching(/^Too many requests\. Please retry in \d+ seconds$/) });
  expect(refused.headers.get('retry-after')).toBe(null);
});

fact('2.2 reading-pace', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock, meterLimits: true });
  const meter = aRecord(client, 'meter', ({ measurementType }) => measurementType !== 'MANUAL');
  const read = (): ReturnType<typeof client.call> =>
    client.call('POST', `/meters/${meter.id}/readings`, { readingValue: 5 });
  expect((await read()).status).toBe(201);
  expect((await read()).status).toBe(429);
  clock.move(10_000);
  expect((await read()).status).toBe(201);
});

fact('2.2 manual-readings', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock, meterLimits: true });
  const meter = aRecord(client, 'meter', ({ measurementType }) => measurementType === 'MANUAL');
  const batch = (): ReturnType<typeof client.call> =>
    client.call('POST', '/meterreadings', [
      { meterId: meter.id, value: 1 },
      { meterId: meter.id, value: 2 },
    ]);
  for (let count = 0; count < 10; count++) {
    expect((await batch()).status).toBe(201);
    clock.move(60_000);
  }
  const refused = await batch();
  expect([refused.status, refused.json['error']]).toEqual([
    429,
    expect.stringMatching(/Manual meter readings are limited/),
  ]);
  clock.move(24 * 3_600_000);
  expect((await batch()).status).toBe(201);
});

fact('2.2 reading-batches', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock, meterLimits: true });
  const meter = aRecord(client, 'meter', ({ measurementType }) => measurementType !== 'MANUAL');
  const batch = async (): Promise<number> =>
    (await client.call('POST', '/meterreadings', [{ meterId: meter.id, value: 1 }])).status;
  for (let count = 0; count < 100; count++) expect(await batch()).toBe(201);
  expect(await batch()).toBe(429);
  expect((await client.get('/meters?limit=1')).status).toBe(200);
  clock.move(60_000);
  expect(await batch()).toBe(201);
});
