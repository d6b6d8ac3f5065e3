import { expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { wordOf } from '../plant/row.ts';
import { fixedClock, openSandbox, recordOf, rowsOf, type Client } from '../testing.ts';

const titlesIn = async (client: Client, query = ''): Promise<readonly unknown[]> =>
  rowsOf(await client.get(`/workorders?limit=200${query}`), 'workOrders').map(({ title }) => title);

async function made(client: Client, fields: JsonObject): Promise<number> {
  return Number((await client.call('POST', '/workorders', { title: 'Made', ...fields })).json['id']);
}

test('FACTS 2.3: emptyPage: 200, an empty list and no cursor, on any list', async () => {
  await using client = await openSandbox();
  client.sandbox.setFaults({ emptyPage: { times: 3 } });
  for (const [path, key] of [
    ['/workorders', 'workOrders'],
    ['/assets?limit=5', 'assets'],
    ['/categories', 'categories'],
  ] as const) {
    const page = await client.get(path);
    expect([page.status, page.json]).toEqual([200, { [key]: [], nextCursor: null, nextPageUrl: null }]);
  }
  expect(rowsOf(await client.get('/workorders?limit=5'), 'workOrders')).toHaveLength(5);
});

test('repeatedCursor: the next cursor is the one that was sent', async () => {
  await using client = await openSandbox();
  const { nextCursor } = (await client.get('/assets?limit=5')).json;
  client.sandbox.setFaults({ repeatedCursor: {} });
  expect((await client.get('/assets?limit=5')).json['nextCursor']).toBe(nextCursor);
  const second = await client.get(`/assets?limit=5&cursor=${wordOf(nextCursor)}`);
  expect(second.json['nextCursor']).toBe(nextCursor);
  expect(second.json['nextPageUrl']).toBe(`/v1/assets?limit=5&cursor=${wordOf(nextCursor)}`);
  expect(client.sandbox.faultLog()).toHaveLength(1);
});

test('loopingCursor: a walk comes back to its second page, for ever', async () => {
  await using client = await openSandbox();
  client.sandbox.setFaults({ loopingCursor: { kinds: ['work-order'] } });
  const cursors: unknown[] = [];
  let path = '/workorders?limit=50';
  for (let page = 0; page < 6; page++) {
    const { nextCursor } = (await client.get(path)).json;
    cursors.push(nextCursor);
    path = `/workorders?limit=50&cursor=${wordOf(nextCursor)}`;
  }
  const [second, third] = cursors;
  expect(cursors).toEqual([second, third, second, third, second, third]);
  expect(third).not.toBe(second);
});

test('FACTS 2.3: listLag: a new record is readable by its id and not in the list yet', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  client.sandbox.setFaults({ listLag: { ms: 3_600_000, kinds: ['work-order'] } });
  const id = await made(client, { title: 'New' });
  expect((await client.get(`/workorders/${id}`)).status).toBe(200);
  expect(await titlesIn(client)).not.toContain('New');
  clock.move(3_599_999);
  expect(await titlesIn(client)).not.toContain('New');
  clock.move(1);
  expect(await titlesIn(client)).toContain('New');
});

test('listLag: a change is readable by id at once, in lists later, and lists filter by what they show', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const id = await made(client, { title: 'Before' });
  clock.move(1000);
  client.sandbox.setFaults({ listLag: { ms: 60_000 } });
  clock.move(1000);
  const changedAt = new Date(clock.now()).toISOString();
  await client.call('PATCH', `/workorders/${id}`, { title: 'After' });
  expect(recordOf(await client.get(`/workorders/${id}`), 'workOrder')['title']).toBe('After');
  expect(await titlesIn(client)).toContain('Before');
  expect(await titlesIn(client)).not.toContain('After');
  const sinceThen = `&updatedAt[gte]=${encodeURIComponent(changedAt)}`;
  expect(await titlesIn(client, sinceThen)).toEqual([]);
  clock.move(60_000);
  expect(await titlesIn(client, sinceThen)).toEqual(['After']);
});

test('listLag: a record that changes while it is new stays unlisted, and shows its versions in turn', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  client.sandbox.setFaults({ listLag: { ms: 10_000 } });
  const id = await made(client, { title: 'One' });
  for (const title of ['Two', 'Three']) {
    clock.move(4000);
    await client.call('PATCH', `/workorders/${id}`, { title });
  }
  expect(await titlesIn(client)).not.toContain('Three');
  clock.move(6000);
  expect((await titlesIn(client)).filter((title) => title === 'Two' || title === 'Three')).toEqual(['Two']);
  clock.move(4000);
  expect((await titlesIn(client)).filter((title) => title === 'Two' || title === 'Three')).toEqual(['Three']);
});

test('listLag: without it, and after it, lists show what is', async () => {
  await using client = await openSandbox();
  client.sandbox.setFaults({ listLag: { ms: 3_600_000, kinds: ['asset'] } });
  await made(client, { title: 'Other kind' });
  expect(await titlesIn(client)).toContain('Other kind');
  client.sandbox.setFaults({ listLag: { ms: 3_600_000 } });
  await made(client, { title: 'Hidden' });
  client.sandbox.clearFaults();
  expect(await titlesIn(client)).toContain('Hidden');
});

test('listLag: a walk page by page still shows each record once', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const walk = async (): Promise<readonly unknown[]> => {
    const ids: unknown[] = [];
    for (let cursor: unknown = ''; typeof cursor === 'string';) {
      const more = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await client.get(`/workorders?limit=20&sort=updatedAt${more}`);
      ids.push(...rowsOf(page, 'workOrders').map(({ id }) => id));
      cursor = page.json['nextCursor'];
    }
    return ids;
  };
  const before = await walk();
  client.sandbox.setFaults({ listLag: { ms: 60_000 } });
  for (const id of before.slice(0, 30)) await client.call('PATCH', `/workorders/${Number(id)}`, { description: 'New' });
  await made(client, {});
  const after = await walk();
  expect(new Set(after)).toEqual(new Set(before));
  expect(after).toHaveLength(before.length);
});
