import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiClient, subscribe, type ApiClient, type Bookmark, type LogEvent } from '../src/api-client/index.ts';
import { recordStream } from '../src/log/index.ts';
import { postgresStore } from '../src/store/index.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { openWorld, type Plant, type World } from './isolation/world.ts';
import { TEST_MASTER_KEY } from './setup-database.ts';

/** The client that programs use, over HTTP. */
let test: TestDatabase;
let world: World;
let baseUrl: string;
let plant: Plant;
let client: ApiClient;

beforeAll(async () => {
  test = await testDatabase();
  world = await openWorld(test.database, TEST_MASTER_KEY);
  baseUrl = await world.app.listen({ host: '127.0.0.1', port: 0 });
  const owner = world.people.find(({ role }) => role === 'owner');
  if (owner?.plant === undefined || owner.plant === null) throw new Error('a world has owners');
  plant = owner.plant;
  client = createApiClient({ baseUrl: `${baseUrl}/`, token: owner.token ?? '' });
});
afterAll(async () => {
  await world.close();
  await test.drop();
});

describe('a call', () => {
  it('fills in path, query and body, and answers what the operation answers', async () => {
    const { items } = await client.call('listRecords', { path: { kind: 'asset' }, query: { limit: 1 } });
    expect(items.map(({ recordId }) => recordId)).toEqual([plant.recordId]);
    const made = await client.call('createToken', { body: { name: 'a program', role: 'viewer' } });
    const other = createApiClient({ baseUrl, token: made.token });
    expect(await other.call('getMe', {})).toMatchObject({ name: 'a program', role: 'viewer' });
    expect(await client.call('revokeToken', { path: { tokenId: made.tokenId } })).toBeUndefined();
  });

  it('sends its key and its condition', async () => {
    const idempotencyKey = randomUUID();
    const runs = await Promise.all([1, 2].map(() => client.call('requestSweep', { idempotencyKey })));
    expect(runs[0]?.runId).toBe(runs[1]?.runId);
    const refused = client.call('changeSettings', { body: { files: 'all' }, ifMatch: '"another"' });
    await expect(refused).rejects.toMatchObject({ code: 'changed-meanwhile', status: 412 });
  });

  it('rejects with the code, and never hangs on a gateway that is not there', async () => {
    await expect(client.call('getRecord', { path: { kind: 'asset', recordId: '1' } })).rejects.toMatchObject({
      name: 'ApiError',
      code: 'not-found',
      status: 404,
      requestId: expect.any(String),
      retryAfterMs: undefined,
    });
    const nowhere = createApiClient({ baseUrl: 'http://127.0.0.1:1', token: 'x' });
    await expect(nowhere.call('getMe', {})).rejects.toThrow('fetch failed');
    const page = createApiClient({
      baseUrl,
      token: 'x',
      fetch: () => Promise.resolve(new Response('<html>', { status: 502 })),
    });
    await expect(page.call('getMe', {})).rejects.toMatchObject({ code: 'unreadable', status: 502 });
  });

  it('acts for the tenant that an administrator names', async () => {
    const token = world.people.find(({ role }) => role === 'admin')?.token ?? '';
    const acting = createApiClient({ baseUrl, token, tenant: plant.name });
    expect((await acting.call('getOwnTenant', {})).tenantId).toBe(plant.tenantId);
  });
});

/** A bookmark in memory. */
function bookmarkAt(start?: string): Bookmark & { readonly at: () => string | undefined } {
  let cursor = start;
  return {
    at: () => cursor,
    load: () => Promise.resolve(cursor),
    save: (next) => Promise.resolve(void (cursor = next)),
  };
}

const append = (type: string): Promise<unknown> =>
  postgresStore(test.database).transact(plant.tenantId, (tx) =>
    tx.log.append([
      {
        eventId: randomUUID(),
        stream: recordStream('work-order', '1', '7'),
        version: null,
        family: 'fact',
        type,
        occurredAt: 1,
        recordedAt: 1,
        data: '{}',
        actor: null,
        factKey: null,
        explainedBy: [],
      },
    ]),
  );

describe('a subscription', () => {
  it('hears of what it asked for, in order, and of nothing before it began', async () => {
    await append('work-order.created');
    const stopping = new AbortController();
    const bookmark = bookmarkAt();
    const heard: string[] = [];
    const all: string[] = [];
    const running = subscribe(client, { bookmark, from: 'now', everyMs: 10 })
      .on('work-order.created', ({ type }) => void heard.push(type))
      .on('work-order.*', ({ type }) => {
        all.push(type);
        if (all.length === 3) stopping.abort();
      })
      .on('asset.*', () => void heard.push('wrong'))
      .run(stopping.signal);
    await expect.poll(bookmark.at).toBeDefined();
    for (const type of ['work-order.created', 'work-order.deleted', 'work-order.created']) await append(type);
    await running;
    expect(all).toEqual(['work-order.created', 'work-order.deleted', 'work-order.created']);
    expect(heard).toEqual(['work-order.created', 'work-order.created']);
  });

  it('goes on where it was, with the event whose handler failed or was cut off', async () => {
    const bookmark = bookmarkAt();
    const seen: LogEvent[] = [];
    const errors: unknown[] = [];
    const run = async (until: number, handler: (event: LogEvent) => void): Promise<void> => {
      const stopping = new AbortController();
      await subscribe(client, { bookmark, everyMs: 10, onError: (error) => stopping.abort(errors.push(error)) })
        .on('*', (event) => {
          handler(event);
          if (seen.push(event) >= until) stopping.abort();
        })
        .run(stopping.signal);
    };
    await run(2, () => undefined);
    await run(9, ({ seq }) => {
      if (seq === 4) throw new Error('out of order');
    });
    expect(errors).toMatchObject([{ message: 'out of order' }]);
    await run(5, () => undefined);
    expect(seen.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('outlasts a gateway that is gone for a while', async () => {
    let isGone = true;
    const patient = createApiClient({
      baseUrl,
      token: world.people.find(({ role, plant: of }) => role === 'owner' && of === plant)?.token ?? '',
      fetch: (...given) =>
        isGone ? Promise.resolve(new Response('', { status: 503, headers: { 'retry-after': '0' } })) : fetch(...given),
    });
    const stopping = new AbortController();
    const errors: unknown[] = [];
    const onError = (error: unknown): void => {
      errors.push(error);
      if (errors.length === 3) isGone = false;
    };
    let heard = 0;
    await subscribe(patient, { bookmark: bookmarkAt(), everyMs: 5, onError })
      .on('*', () => void (heard++ === 0 && stopping.abort()))
      .run(stopping.signal);
    expect([heard, errors.length]).toEqual([1, 3]);
  });
});
