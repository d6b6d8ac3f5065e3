import { describe, expect, it } from 'vitest';
import type { MaintainxClient } from './client.ts';
import { failureOf, NOW, openSite } from './testing.ts';

/** A call as JavaScript makes it. */
const loosely = (client: MaintainxClient, name: string, input: unknown): Promise<unknown> => {
  const caller: { call(name: never, input: never): Promise<unknown> } = client;
  return caller.call(name as never, input as never);
};

const LISTS = { body: { workOrders: [], assets: [] } };

/** The code of the error, when nobody was asked. */
async function refusalOf(work: (client: MaintainxClient) => Promise<unknown>): Promise<string> {
  await using site = await openSite(LISTS);
  const { code } = await failureOf(work(site.client()));
  return site.asked.length === 0 ? code : 'it was sent';
}

const INVALID = 'maintainx-call-invalid';

describe('no filter is dropped without a word', () => {
  it('what is sent is what was checked: a date, or whatever has a JSON', async () => {
    await using site = await openSite(LISTS);
    const query = {
      'updatedAt[gte]': new Date(NOW),
      statuses: [Object('OPEN'), { toJSON: () => 'DONE' }],
    };
    await loosely(site.client(), 'listWorkOrders', { query });
    expect(site.only.url.search).toBe(
      '?updatedAt%5Bgte%5D=2026-09-16T12%3A00%3A00.000Z&statuses=OPEN&statuses=DONE&show_upcoming=true',
    );
  });

  it.each([
    ['text', 'statuses=OPEN'],
    ['search parameters', new URLSearchParams('statuses=OPEN')],
    ['pairs', [['statuses', 'OPEN']]],
    ['a map', new Map([['statuses', ['OPEN']]])],
    ['null', null],
  ])('a query that is %s is refused, in walks too', async (_what, query) => {
    expect(await refusalOf((client) => loosely(client, 'listWorkOrders', { query }))).toBe(INVALID);
    const walk = (client: MaintainxClient): Promise<unknown> => {
      const walker: { pagesOf(name: 'listWorkOrders', input: never): AsyncGenerator } = client;
      return walker.pagesOf('listWorkOrders', { query } as never).next();
    };
    expect(await refusalOf(walk)).toBe(INVALID);
  });

  it('a part of the input that is none is refused', async () => {
    expect(await refusalOf((client) => loosely(client, 'listWorkOrders', { statuses: ['OPEN'] }))).toBe(INVALID);
    expect(await refusalOf((client) => loosely(client, 'listWorkOrders', { qery: { limit: 5 } }))).toBe(INVALID);
    const options: object = { updatedsince: NOW };
    expect(await refusalOf((client) => client.list('asset', options))).toBe(INVALID);
  });

  it('an empty list, which filters nothing, is refused', async () => {
    expect(await refusalOf((client) => client.call('listWorkOrders', { query: { statuses: [] } }))).toBe(INVALID);
    expect(await refusalOf((client) => client.call('listAssets', { customFields: { Serial: [] } }))).toBe(INVALID);
  });

  it('an empty expand is none', async () => {
    await using site = await openSite(LISTS);
    await site.client().call('listAssets', { query: { expand: [] } });
    expect(site.only.url.search).toBe('');
  });
});

describe('no id leads to another place', () => {
  it('which may be a number or digits', async () => {
    await using site = await openSite({ body: { asset: { id: 1 } } });
    expect([await site.client().get('asset', 1), await site.client().get('asset', '1')]).toEqual([
      { id: 1 },
      { id: 1 },
    ]);
  });

  it.each(['..', '.', '', '../users/1', '1?x=y', undefined])('%j, whichever method takes it', async (given) => {
    const id = given as string;
    expect(await refusalOf((client) => client.get('asset', id))).toBe(INVALID);
    expect(await refusalOf((client) => client.update('asset', id, { name: 'x' }))).toBe(INVALID);
    expect(await refusalOf((client) => client.remove('asset', id))).toBe(INVALID);
    expect(await refusalOf((client) => client.subscription(id))).toBe(INVALID);
    expect(await refusalOf((client) => client.subscriptionSecret(id))).toBe(INVALID);
    expect(await refusalOf((client) => client.unsubscribe(id))).toBe(INVALID);
  });

  it('nor does a number that no double holds: it stands for its neighbour too', async () => {
    expect(await refusalOf((client) => client.call('getAsset', { path: { id: 2 ** 53 } }))).toBe(INVALID);
  });
});

describe('a walk over pages', () => {
  it('goes on where the cursor is a number, as offsets are (FACTS 2.3)', async () => {
    const page = (id: number, nextCursor: unknown) => ({ body: { assets: [{ id }], nextCursor } });
    await using site = await openSite(page(1, 200), page(2, null));
    const ids: number[] = [];
    for await (const one of site.client().pagesOf('listAssets')) ids.push(...one.rows.map((row) => row.id));
    expect(ids).toEqual([1, 2]);
  });

  it('has 200 rows a page when the limit is undefined, and gives no page twice', async () => {
    await using site = await openSite({ body: { assets: [{ id: 1 }], nextCursor: 'start' } });
    const query: object = { limit: undefined, cursor: 'start' };
    const walk = site.client().pagesOf('listAssets', { query });
    expect(await walk.next()).toMatchObject({ value: { rows: [{ id: 1 }] } });
    expect((await failureOf(walk.next())).code).toBe('maintainx-unreadable');
    expect(site.only.url.searchParams.get('limit')).toBe('200');
  });

  it.each([
    { nextPageUrl: 7 },
    { nextPageUrl: 'http://[' },
    { nextPageUrl: '/v1/assets', nextCursor: '' },
    { nextCursor: { at: 1 } },
  ])('is not taken for ended when the next page cannot be asked for: %j', async (next) => {
    await using site = await openSite({ body: { assets: [], ...next } });
    expect((await failureOf(site.client().pagesOf('listAssets').next())).code).toBe('maintainx-unreadable');
    expect((await failureOf(site.client().list('asset'))).code).toBe('maintainx-unreadable');
  });
});
