import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../src/access/index.ts';
import { objectOf, parseStored, type JsonObject } from '../src/base/json.ts';
import { objectsIn, textIn } from './proof/shapes.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { openWorld, tokenIn, type Plant, type World } from './isolation/world.ts';
import { TEST_MASTER_KEY } from './setup-database.ts';

/** What every route of the API does with conditions, repeats, haste, and the audit. */
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

const tokenOf = (role: Role, of: Plant = plant): string => tokenIn(world, role, of);

interface Asked {
  readonly role?: Role;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  { role = 'owner', body, headers = {} }: Asked = {},
) {
  const answer = await fetch(`${address}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokenOf(role)}`,
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const parsed = text === '' ? {} : objectOf(parseStored(text));
  return { status: answer.status, body: parsed, code: parsed['code'], headers: Object.fromEntries(answer.headers) };
}

const auditLines = async (): Promise<readonly JsonObject[]> => {
  const { body } = await ask('GET', '/audit?limit=500');
  return objectsIn(body['items']);
};

describe('what a caller has already', () => {
  it('is not sent again, and is, once it is another', async () => {
    const first = await ask('GET', '/tenant/settings');
    const etag = String(first.headers['etag']);
    const again = await ask('GET', '/tenant/settings', { headers: { 'if-none-match': `"x", W/${etag}` } });
    expect([again.status, again.body]).toEqual([304, {}]);
    await ask('PATCH', '/tenant/settings', { body: { details: 'none' } });
    const other = await ask('GET', '/tenant/settings', { headers: { 'if-none-match': etag } });
    expect([other.status, other.body['details']]).toEqual([200, 'none']);
  });

  it('is what it changes, or nothing is changed', async () => {
    const etag = String((await ask('GET', '/tenant/settings')).headers['etag']);
    const several = { 'if-match': `"x", ${etag}` };
    const mine = await ask('PATCH', '/tenant/settings', { body: { paused: true }, headers: several });
    expect(mine.body['paused']).toBe(true);
    const late = await ask('PATCH', '/tenant/settings', { body: { files: 'all' }, headers: { 'if-match': etag } });
    expect([late.status, late.code]).toEqual([412, 'changed-meanwhile']);
    expect((await ask('GET', '/tenant/settings')).body['files']).toBe('none');
  });
});

it('another choice of what to copy ends the first copy that was asked for, whoever makes it; a pause does not', async () => {
  const askFor = async (): Promise<string> => textIn((await ask('POST', '/sync/backfill')).body, 'runId');
  const first = await askFor();
  await ask('PATCH', '/tenant/settings', { body: { paused: false, sweepIntervalMs: 3_600_000 } });
  expect(await askFor()).toBe(first);
  await ask('PATCH', '/tenant/settings', { body: { kinds: ['asset'] } });
  // It came to no end: nothing counts as copied until the next one is whole.
  expect((await ask('GET', '/sync')).body['backfilledAt']).toBeNull();
  expect(await askFor()).not.toBe(first);
  await ask('PATCH', '/tenant/settings', { body: { kinds: null } });
});

describe('a request with a key of its own', () => {
  const keyed = (key: string, body?: unknown) => ({ body, headers: { 'idempotency-key': key } });

  it('is done once, however often it is sent', async () => {
    const key = randomUUID();
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask('POST', '/sync/sweep', keyed(key))));
    expect(new Set(answers.map(({ status, body }) => `${status} ${textIn(body, 'runId')}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
    const other = await ask('POST', '/sync/release', keyed(key, {}));
    expect([other.status, other.code]).toEqual([409, 'request-key-used']);
  });

  it('makes one token, and does not tell it twice', async () => {
    const [key, body] = [randomUUID(), { name: 'once', role: 'viewer' }];
    expect((await ask('POST', '/tokens', keyed(key, body))).status).toBe(201);
    expect((await ask('POST', '/tokens', keyed(key, body))).code).toBe('request-key-used');
    const { body: list } = await ask('GET', '/tokens');
    expect(JSON.stringify(list).split('"once"')).toHaveLength(2);
    expect((await ask('POST', '/tokens', keyed('with space', body))).code).toBe('request-invalid');
  });
});

describe('the audit', () => {
  it('has a line of each change, with who made it and from where, and none of what was refused', async () => {
    const before = (await auditLines()).length;
    const made = await ask('POST', '/tokens', { body: { name: 'BI', role: 'viewer' } });
    await ask('DELETE', `/tokens/${textIn(made.body, 'tokenId')}`);
    await ask('DELETE', `/tokens/${randomUUID()}`);
    await ask('PATCH', '/tenant/settings', { role: 'viewer', body: { paused: false } });
    await ask('PATCH', '/tenant/settings', { body: { nonsense: true } });
    const lines = (await auditLines()).slice(before);
    expect(lines).toMatchObject([
      { action: 'createToken', target: made.body['tokenId'], origin: 'api 127.0.0.1', beforeHash: null },
      { action: 'revokeToken', target: made.body['tokenId'] },
    ]);
    expect(JSON.stringify(lines)).not.toContain(textIn(made.body, 'token').slice(3));
    expect((await ask('GET', '/audit/verification')).body['seq']).toBe(before + 2);
  });

  it('tells a tenant of an administrator who acts for it, once an hour', async () => {
    const headers = { 'millwright-tenant': plant.name };
    const before = (await auditLines()).length;
    for (let times = 0; times < 3; times++) await ask('GET', '/events', { role: 'admin', headers });
    const lines = (await auditLines()).slice(before);
    expect(lines).toMatchObject([{ action: 'actFor', target: 'listEvents', actor: expect.stringContaining('admin') }]);
  });
});

describe('the copy', () => {
  it('is read record by record and page by page', async () => {
    const one = await ask('GET', `/records/asset/${plant.recordId}`, { role: 'viewer' });
    expect(one).toMatchObject({ status: 200, body: { record: { name: plant.canary }, deletedAt: null } });
    const page = await ask('GET', '/records/asset?limit=1', { role: 'viewer' });
    expect(page.body['items']).toMatchObject([{ recordId: plant.recordId }]);
    const rest = await ask('GET', `/records/asset?cursor=${textIn(page.body, 'nextCursor')}`, { role: 'viewer' });
    expect(rest.body).toEqual({ items: [], nextCursor: null });
    expect((await ask('GET', '/records/work-order', { role: 'viewer' })).body['items']).toEqual([]);
  });

  it('tells what waits for a person, and has it tried again or dropped', async () => {
    const { deliveryId } = plant;
    const whole = await ask('GET', `/deliveries/${deliveryId}`);
    expect(Buffer.from(textIn(whole.body, 'bodyBase64'), 'base64').toString()).toContain(plant.canary);
    expect((await ask('POST', '/parked/discard', { body: { id: deliveryId, reason: 'x' } })).code).toBe('not-found');
    expect((await ask('POST', `/deliveries/${deliveryId}/replay`)).body).toEqual({ replayed: 1 });
    expect((await ask('POST', '/parked/replay', { body: { id: 'all' } })).body).toEqual({ replayed: 0 });
    const listed = await ask('GET', '/deliveries?limit=1&state=waiting');
    expect(listed.body['items']).toMatchObject([{ deliveryId, eventType: 'NEW_ASSET' }]);
  });
});

it('no text has a NUL in it, wherever it stands: that is said, and is no failure of ours', async () => {
  const asked = [
    await ask('POST', '/tokens', { body: { name: 'a\u0000b', role: 'viewer' } }),
    await ask('GET', '/events?stream=%00'),
    await ask('POST', '/parked/discard', { body: { id: 'a\u0000', reason: 'x' } }),
    await ask('GET', `/records/asset/1%00`),
    await ask('GET', '/events?cursor=AA%3D%3D'),
  ];
  for (const { status, code } of asked) expect([status, code]).toEqual([400, 'request-invalid']);
  const strange = await ask('POST', '/tokens', { body: { name: '\ud800 ключ 🔧 \u202e', role: 'viewer' } });
  expect(strange.status).toBe(201);
});

it('a token that asks too often is told when to go on, and others go on', async () => {
  const few = await openWorld(test.database, TEST_MASTER_KEY, { requestsPerMinute: 3 });
  const [, , admin] = few.people;
  const owner = few.people.find(({ role }) => role === 'owner');
  const statuses: number[] = [];
  const send = (token: string | undefined) =>
    few.app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${token ?? ''}` } });
  try {
    for (let times = 0; times < 4; times++) statuses.push((await send(owner?.token)).statusCode);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = await send(owner?.token);
    expect(objectOf(parseStored(refused.body))['code']).toBe('too-many-requests');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    const other = await send(admin?.token);
    expect([other.statusCode, other.headers['ratelimit-limit'], other.headers['ratelimit-remaining']]).toEqual([
      200,
      '3',
      '2',
    ]);
  } finally {
    await few.close();
  }
});
