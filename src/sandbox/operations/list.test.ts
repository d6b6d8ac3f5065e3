import { expect, test } from 'vitest';
import { CORE_KINDS, coreEntry } from '../../maintainx/catalogue/index.ts';
import { objectOf } from '../../base/json.ts';
import { idOf, textOf } from '../plant/row.ts';
import { fixedClock, openSandbox, recordOf, rowsOf, type Client } from '../testing.ts';

async function walk(client: Client, path: string, key: string): Promise<number[]> {
  const ids: number[] = [];
  let next: string | null = path;
  while (next !== null) {
    const reply = await client.get(next);
    ids.push(...rowsOf(reply, key).map((row) => Number(row['id'])));
    next = textOf(reply.json['nextPageUrl']).replace(/^\/v1/, '') || null;
  }
  return ids;
}

test('every kind can be walked to the end, each record once', async () => {
  await using client = await openSandbox();
  for (const kind of CORE_KINDS) {
    const { path, listKey } = coreEntry(kind);
    const upcoming = kind === 'work-order' ? '&show_upcoming=true' : '';
    const ids = await walk(client, `${path}?limit=7${upcoming}`, listKey);
    const all = client.sandbox.records(kind).map((record) => record['id']);
    expect([kind, ids.length, new Set(ids)]).toEqual([kind, all.length, new Set(all)]);
  }
});

test('rows are stubs: only what the list carries, and expandable fields only with their token', async () => {
  await using client = await openSandbox();
  for (const kind of CORE_KINDS) {
    const { path, listKey } = coreEntry(kind);
    const tokens: readonly string[] = coreEntry(kind).resource.listExpands;
    const unasked = kind === 'work-order' ? ['vendorIds', 'times', 'timeItems', 'expenditures'] : [];
    const carried = coreEntry(kind).resource.listFields.filter(
      (field) => !tokens.includes(snakeCase(field)) || unasked.includes(field),
    );
    const fields = rowsOf(await client.get(path), listKey).flatMap((row) => Object.keys(row));
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.filter((field) => !carried.some((known) => known === field))).toEqual([]);
  }
});

const snakeCase = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

test('an expandable field comes with its token', async () => {
  await using client = await openSandbox();
  const [row] = rowsOf(await client.get('/vendors?limit=1&expand=extra_fields'), 'vendors');
  expect(Object.keys(row ?? {})).toEqual(['id', 'name', 'extraFields']);
});

test('a purchase order row has four fields', async () => {
  await using client = await openSandbox();
  const [row] = rowsOf(await client.get('/purchaseorders?limit=1'), 'purchaseOrders');
  expect(Object.keys(row ?? {}).toSorted()).toEqual(['createdAt', 'id', 'status', 'updatedAt']);
});

test('an offset cursor is a number, and rows shift under it when an earlier record goes', async () => {
  await using client = await openSandbox();
  const first = await client.get('/assets?limit=10');
  expect(first.json['nextCursor']).toBe('10');
  const ids = rowsOf(await client.get('/assets?limit=11'), 'assets').map(idOf);
  await client.call('DELETE', `/assets/${Number(ids[0])}`);
  const second = await client.get('/assets?limit=10&cursor=10');
  expect(rowsOf(second, 'assets').map(idOf)).not.toContain(ids[10]);
});

test('a keyset cursor keeps filter and sort, and nothing shifts when an earlier record goes', async () => {
  await using client = await openSandbox();
  const all = rowsOf(await client.get('/workorders?statuses=DONE&sort=-updatedAt&limit=20'), 'workOrders');
  const first = await client.get('/workorders?statuses=DONE&sort=-updatedAt&limit=10');
  await client.call('DELETE', `/workorders/${Number(all[0]?.['id'])}`);
  const second = await client.get(`/workorders?limit=10&cursor=${textOf(first.json['nextCursor'])}`);
  expect(rowsOf(second, 'workOrders').map((row) => row['id'])).toEqual(all.slice(10).map((row) => row['id']));
});

test('the list can be asked for what changed since a time', async () => {
  await using client = await openSandbox({ clock: fixedClock() });
  const [part] = client.sandbox.records('part');
  await client.call('PATCH', `/parts/${Number(part?.['id'])}`, { name: 'Renamed' });
  const since = new URLSearchParams({ 'updatedAt[gte]': '2026-09-14T12:00:00.000Z', sort: '-updatedAt' });
  const rows = rowsOf(await client.get(`/parts?${since.toString()}`), 'parts');
  expect(rows.map((row) => row['name'])).toEqual(['Renamed']);
});

test('asking for CANCELED and SKIPPED together answers an empty page', async () => {
  await using client = await openSandbox();
  const reply = await client.get('/workorders?statuses=CANCELED&statuses=SKIPPED');
  expect(reply.status).toBe(200);
  expect(reply.json).toEqual({ workOrders: [], nextCursor: null, nextPageUrl: null });
  expect(rowsOf(await client.get('/workorders?statuses=CANCELED'), 'workOrders').length).toBeGreaterThan(0);
});

test('work orders that start in the future show only with show_upcoming', async () => {
  await using client = await openSandbox({ clock: fixedClock() });
  const dates = { startDate: '2027-01-01T00:00:00.000Z', dueDate: '2027-01-02T00:00:00.000Z' };
  await client.call('POST', '/workorders', { title: 'Next year', ...dates });
  expect(rowsOf(await client.get('/workorders?title=next%20year'), 'workOrders')).toHaveLength(0);
  expect(rowsOf(await client.get('/workorders?title=next%20year&show_upcoming=true'), 'workOrders')).toHaveLength(1);
});

test('a custom field filters by its label', async () => {
  await using client = await openSandbox();
  await client.call('POST', '/vendors', { name: 'Acme', extraFields: { 'Vendor number': 'V-1' } });
  const rows = rowsOf(await client.get('/vendors?Vendor%20number=V-1'), 'vendors');
  expect(rows.map((row) => row['name'])).toEqual(['Acme']);
});

test.each([
  ['/workorders?limit=250', { errors: [{ error: 'must be <= 200', fieldPath: 'limit', fieldValue: 250 }] }],
  ['/workorders?limit=0', { errors: [{ error: 'must be >= 1', fieldPath: 'limit', fieldValue: 0 }] }],
])('%s is refused as MaintainX does it', async (path, body) => {
  await using client = await openSandbox();
  const reply = await client.get(path);
  expect([reply.status, reply.json]).toEqual([400, body]);
});

test.each([
  '/workorders?sort=id',
  '/workorders?status=OPEN',
  '/workorders?expand=assignee',
  '/workrequests?sort=updatedAt',
  '/assets?cursor=abc',
  '/workorders?cursor=abc',
  '/workorders?updatedAt%5Bgte%5D=yesterday',
])('%s is refused', async (path) => {
  await using client = await openSandbox();
  expect((await client.get(path)).status).toBe(400);
});

test('file links change their signature on every read and keep their path', async () => {
  await using client = await openSandbox();
  const asset = client.sandbox.records('asset').find((record) => record['thumbnail'] !== undefined);
  const read = async (): Promise<URL> => {
    const { thumbnail } = recordOf(await client.get(`/assets/${Number(asset?.['id'])}`), 'asset');
    return new URL(textOf(objectOf(thumbnail)['url']));
  };
  const [first, second] = [await read(), await read()];
  expect(first.pathname).toBe(second.pathname);
  expect(first.searchParams.get('X-Amz-Signature')).not.toBe(second.searchParams.get('X-Amz-Signature'));
});

test('a cursor is in the hands of the caller: what it carries is checked too', async () => {
  await using client = await openSandbox();
  for (const query of ['__proto__=1', 'constructor=1', 'statuses=NONSENSE', 'sort=id']) {
    const cursor = Buffer.from(JSON.stringify({ id: 1, value: null, query })).toString('base64url');
    expect([query, (await client.get(`/workorders?cursor=${cursor}`)).status]).toEqual([query, 400]);
  }
});

test('a parameter that takes one value is refused with two', async () => {
  await using client = await openSandbox();
  for (const query of ['limit=1&limit=2', 'sort=createdAt&sort=updatedAt'])
    expect([query, (await client.get(`/workorders?${query}`)).status]).toEqual([query, 400]);
});
