import { afterAll, beforeAll, expect, it } from 'vitest';
import { objectOf, parseStored, type JsonObject } from '../src/base/json.ts';
import { objectsIn } from './proof/shapes.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { FILE_PATH, openWorld, tokenIn, type Plant, type World } from './isolation/world.ts';
import { TEST_MASTER_KEY } from './setup-database.ts';

/** What the command line reports, over the API. */
let test: TestDatabase;
let world: World;
let plant: Plant;
let address: string;

beforeAll(async () => {
  test = await testDatabase();
  world = await openWorld(test.database, TEST_MASTER_KEY);
  const [first] = world.plants;
  if (first === undefined) throw new Error('a world has plants');
  plant = first;
  address = await world.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await world.close();
  await test.drop();
});

function ask(path: string, body?: unknown, method: 'GET' | 'POST' | 'PATCH' = body === undefined ? 'GET' : 'POST') {
  return fetch(`${address}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokenIn(world, 'owner', plant)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function told(path: string, body?: unknown): Promise<JsonObject> {
  const answer = await ask(path, body);
  expect([path, answer.status]).toEqual([path, 200]);
  return objectOf(parseStored(await answer.text()));
}

it('health: what waits, how long, and which lane is late', async () => {
  const health = await told('/tenant/health');
  expect(health).toMatchObject({ tenant: plant.name, paused: null, waiting: { deliveries: 1 }, parked: { reads: 0 } });
  expect(objectsIn(health['lanes']).map((one) => one['lane'])).toContain('deliver');
});

it('quota: whose it is, how much of it is left, and what goes out next', async () => {
  const quota = await told('/tenant/quota?minutes=3');
  expect(quota).toMatchObject({ user: plant.canary, limit: 300, windowMs: 60_000, sharePercent: 100, used: 0 });
  expect(objectsIn(quota['plan']).map((one) => one['minute'])).toEqual([1, 2, 3]);
  expect((await ask('/tenant/quota?minutes=0')).status).toBe(400);
});

it('missed webhooks: none where none is subscribed', async () => {
  expect(await told('/tenant/missed-webhooks?days=2')).toEqual({ items: [] });
});

it('coverage: each kind’s ways and cost, and what a share of the quota buys', async () => {
  const map = await told('/coverage');
  const assets = objectsIn(map['kinds']).find((one) => one['kind'] === 'asset');
  expect(assets).toMatchObject({ records: 1, cost: { share: expect.any(Number) as number } });
  expect(objectsIn(assets?.['notices']).map((one) => one['change'])).toContain('deleted');
  const plan = await told('/coverage/plan', { share: 0.5 });
  expect(plan).toMatchObject({ verdict: 'planned', settings: { sweepIntervalMs: expect.any(Number) as number } });
  for (const body of [{}, { share: 0.5, stalenessMs: 3_600_000 }, { share: 2 }])
    expect((await ask('/coverage/plan', body)).status).toBe(400);
});

it('what was planned can be set as it is', async () => {
  const { settings } = await told('/coverage/plan', { share: 0.5 });
  const answer = await ask('/tenant/settings', settings, 'PATCH');
  expect([answer.status, objectOf(parseStored(await answer.text()))]).toMatchObject([200, settings]);
});

it('the story of a record: its copy, and each moment with its reason', async () => {
  const story = await told(`/records/asset/${plant.recordId}/explanation`);
  expect(story).toMatchObject({
    copy: { version: 1, lastChangedBy: 'get', deletedAt: null },
    moments: [{ seq: 1, path: 'read', type: 'asset.appeared', toldBy: [], isLate: false }],
  });
  expect((await ask('/records/asset/999999/explanation')).status).toBe(404);
});

it('files of a record, and their bytes, which no browser runs', async () => {
  const { items } = await told(`/records/asset/${plant.recordId}/files`);
  expect(items).toMatchObject([{ path: FILE_PATH, state: 'stored', bytes: plant.canary.length, removedAt: null }]);
  for (const file of [FILE_PATH, plant.canary]) {
    const answer = await ask(`/records/asset/${plant.recordId}/files/content?file=${encodeURIComponent(file)}`);
    expect([answer.status, await answer.text()]).toEqual([200, plant.canary]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
    });
  }
  expect((await ask(`/records/asset/${plant.recordId}/files/content?file=nothing`)).status).toBe(404);
});
