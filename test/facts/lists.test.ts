import { expect } from 'vitest';
import { fixedClock, openSandbox, recordOf, rowsOf, type Client, type Reply } from '../../src/sandbox/testing.ts';
import type { Json } from '../../src/base/json.ts';
import { wordOf } from '../../src/sandbox/plant/row.ts';
import { fact } from './fact.ts';
import { aRecord, made } from './hooks.ts';

/** All ids of a list, page by page. */
async function walk(client: Client, path: string, key: string, between?: () => Promise<void>): Promise<unknown[]> {
  const ids: unknown[] = [];
  let cursor: Json = null;
  do {
    const page: Reply = await client.get(
      `${path}${cursor === null ? '' : `&cursor=${encodeURIComponent(wordOf(cursor))}`}`,
    );
    ids.push(...rowsOf(page, key).map(({ id }) => id));
    cursor = page.json['nextCursor'] ?? null;
    await between?.();
  } while (cursor !== null);
  return ids;
}

fact('2.3 limit', async () => {
  await using client = await openSandbox();
  for (const limit of [1, 50, 100, 150])
    expect(rowsOf(await client.get(`/workorders?limit=${limit}&show_upcoming=true`), 'workOrders')).toHaveLength(limit);
  expect(rowsOf(await client.get('/workorders?show_upcoming=true'), 'workOrders')).toHaveLength(100);
  const refused = await client.get('/workorders?limit=250');
  expect([refused.status, refused.json]).toEqual([
    400,
    { errors: [{ error: 'must be <= 200', fieldPath: 'limit', fieldValue: 250 }] },
  ]);
});

fact('2.3 envelope', async () => {
  await using client = await openSandbox();
  expect(Object.keys((await client.get('/assets?limit=2')).json)).toEqual(['assets', 'nextCursor', 'nextPageUrl']);
});

fact('2.3 next-page-path', async () => {
  await using client = await openSandbox();
  const page = await client.get('/workorders?limit=2&priorities=HIGH');
  const next = wordOf(page.json['nextPageUrl']);
  expect(next).toMatch(/^\/v1\/workorders\?.*priorities=HIGH/);
  const second = await client.get(next.replace('/v1', ''));
  expect(rowsOf(second, 'workOrders').every(({ priority }) => priority === 'HIGH')).toBe(true);
});

fact('2.3 true-cursor', async () => {
  await using client = await openSandbox();
  const before = new Set(await walk(client, '/workorders?limit=200&statuses=OPEN', 'workOrders'));
  const ids = await walk(client, '/workorders?limit=7&statuses=OPEN', 'workOrders', async () => {
    await made(client, '/workorders', { title: 'Comes between' });
  });
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of before) expect(ids).toContain(id);
});

fact('2.3 drifting-offset', async () => {
  await using client = await openSandbox();
  const first = await client.get('/assets?limit=10&sort=id');
  expect(Number.isInteger(Number(first.json['nextCursor']))).toBe(true);
  const [gone] = rowsOf(first, 'assets');
  const all = await walk(client, '/assets?limit=200&sort=id', 'assets');
  await client.call('DELETE', `/assets/${Number(gone?.['id'])}`);
  const second = await client.get(`/assets?limit=10&sort=id&cursor=${wordOf(first.json['nextCursor'])}`);
  // Everything moved up by one: the eleventh row is on neither page.
  expect(rowsOf(second, 'assets')[0]?.['id']).toBe(all[11]);
});

fact('2.3 time-filters', async () => {
  await using client = await openSandbox();
  const since = encodeURIComponent('2020-01-01T00:00:00.000Z');
  for (const path of ['workorders', 'assets', 'parts', 'purchaseorders'])
    for (const name of ['updatedAt[gte]', 'updatedAt[lte]', 'createdAt[gte]', 'createdAt[lte]'])
      expect((await client.get(`/${path}?${encodeURIComponent(name)}=${since}`)).status).toBe(200);
  for (const path of ['locations', 'vendors', 'users', 'teams', 'meters', 'workrequests', 'categories'])
    expect((await client.get(`/${path}?${encodeURIComponent('updatedAt[gte]')}=${since}`)).status).toBe(400);
});

fact('2.3 sort-words', async () => {
  await using client = await openSandbox();
  for (const word of ['updatedAt', 'createdAt', 'dueDate', 'startedAt', 'completedAt'])
    for (const sign of ['', '-']) expect((await client.get(`/workorders?sort=${sign}${word}`)).status).toBe(200);
  const refused = await client.get('/workorders?sort=id');
  expect([refused.status, refused.json]).toEqual([
    400,
    { error: expect.stringMatching(/^'id' is not a member of updatedAt,createdAt,/) },
  ]);
  for (const path of ['assets', 'parts', 'purchaseorders'])
    expect((await client.get(`/${path}?sort=-id`)).status).toBe(200);
  expect((await client.get('/workrequests?sort=createdAt')).status).toBe(400);
});

fact('2.3 repeated-keys', async () => {
  await using client = await openSandbox();
  const rows = rowsOf(await client.get('/workorders?limit=200&statuses=OPEN&statuses=DONE'), 'workOrders');
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['OPEN', 'DONE']));
});

fact('2.3 wrong-parameters', async () => {
  await using client = await openSandbox();
  const order = aRecord(client, 'work-order');
  expect((await client.get('/workorders?status=OPEN')).status).toBe(400);
  expect((await client.get(`/workorders/${order.id}/comments?expand=author`)).status).toBe(400);
});

fact('2.3 canceled-and-skipped', async () => {
  await using client = await openSandbox();
  const ask = (statuses: readonly string[]): Promise<Reply> =>
    client.get(`/workorders?limit=200&${statuses.map((status) => `statuses=${status}`).join('&')}`);
  for (const status of ['CANCELED', 'SKIPPED'])
    expect(rowsOf(await ask([status]), 'workOrders').length).toBeGreaterThan(0);
  for (const statuses of [
    ['CANCELED', 'SKIPPED'],
    ['OPEN', 'CANCELED', 'DONE', 'SKIPPED'],
  ]) {
    const reply = await ask(statuses);
    expect([reply.status, reply.json]).toEqual([200, { workOrders: [], nextCursor: null, nextPageUrl: null }]);
  }
});

fact('2.3 show-upcoming', async () => {
  await using client = await openSandbox();
  const soon = new Date(Date.now() + 3 * 86_400_000).toISOString();
  const id = await made(client, '/workorders', { title: 'Next week', startDate: soon, dueDate: soon });
  expect(await walk(client, '/workorders?limit=200', 'workOrders')).not.toContain(id);
  expect(await walk(client, '/workorders?limit=200&show_upcoming=true', 'workOrders')).toContain(id);
});

fact('2.3 list-lag', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  client.sandbox.setFaults({ listLag: { ms: 3_600_000 } });
  const id = await made(client, '/workorders', { title: 'Just made' });
  expect((await client.get(`/workorders/${id}`)).status).toBe(200);
  expect(await walk(client, '/workorders?limit=200', 'workOrders')).not.toContain(id);
  clock.move(3_600_001);
  expect(await walk(client, '/workorders?limit=200', 'workOrders')).toContain(id);
});

fact('2.3 empty-200', async () => {
  await using client = await openSandbox();
  client.sandbox.setFaults({ emptyPage: { times: 1 } });
  const reply = await client.get('/workorders?limit=5');
  expect([reply.status, reply.json]).toEqual([200, { workOrders: [], nextCursor: null, nextPageUrl: null }]);
  expect(rowsOf(await client.get('/workorders?limit=5'), 'workOrders')).toHaveLength(5);
});

fact('2.3 comments-and-updated-at', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/workorders', { title: 'A' });
  const before = recordOf(await client.get(`/workorders/${id}`), 'workOrder');
  await made(client, `/workorders/${id}/comments`, { content: 'Hello' });
  const after = recordOf(await client.get(`/workorders/${id}`), 'workOrder');
  expect(after['updatedAt']).toBe(before['updatedAt']);
  expect(after['lastMessageSentAt']).not.toBe(before['lastMessageSentAt']);
});

fact('2.3 deleted', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/workorders', { title: 'A' });
  expect((await client.call('DELETE', `/workorders/${id}`)).status).toBe(204);
  expect((await client.get(`/workorders/${id}`)).status).toBe(404);
  const rows = rowsOf(await client.get('/workorders?limit=200&show_upcoming=true'), 'workOrders');
  expect(rows.map((row) => row['id'])).not.toContain(id);
  expect(rows.filter((row) => 'deletedAt' in row)).toEqual([]);
});

fact('2.3 expand-tokens', async () => {
  await using client = await openSandbox();
  expect((await client.get('/workorders?expand=extra_fields&expand=time_items')).status).toBe(200);
  for (const token of ['extraFields', 'attachments', 'nonsense'])
    expect((await client.get(`/workorders?expand=assignees&expand=${token}`)).status).toBe(400);
});

fact('2.3 attachments-single', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/workorders', { title: 'A' });
  const put = await client.put(`/workorders/${id}/attachments/photo.jpg`, Buffer.from('bytes'));
  expect(put.status).toBe(201);
  expect(recordOf(await client.get(`/workorders/${id}`), 'workOrder')['attachments']).toMatchObject([
    { fileName: 'photo.jpg' },
  ]);
  const row = rowsOf(await client.get('/workorders?limit=5'), 'workOrders').find((one) => one['id'] === id);
  expect(row).toBeDefined();
  expect(row).not.toHaveProperty('attachments');
});

fact('2.3 assignees', async () => {
  await using client = await openSandbox();
  const user = aRecord(client, 'user');
  const id = await made(client, '/workorders', { title: 'A', assignees: [{ type: 'USER', id: user.id }] });
  const rows = rowsOf(await client.get('/workorders?limit=5&expand=assignees'), 'workOrders');
  expect(rows.find((row) => row['id'] === id)?.['assignees']).toEqual([{ type: 'USER', id: user.id }]);
});

fact('2.3 nulls-omitted', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/workorders', { title: 'Bare' });
  const single = recordOf(await client.get(`/workorders/${id}`), 'workOrder');
  for (const field of ['dueDate', 'assetId', 'completedAt', 'description']) expect(single).not.toHaveProperty(field);
});

fact('2.3 default-sort', async () => {
  await using client = await openSandbox();
  const rows = rowsOf(await client.get('/workrequests?limit=200'), 'workRequests');
  const times = rows.map(({ updatedAt }) => wordOf(updatedAt));
  expect(times.length).toBeGreaterThan(5);
  expect(times).toEqual(times.toSorted().toReversed());
});
