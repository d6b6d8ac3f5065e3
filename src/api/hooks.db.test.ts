import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { testDatabase, testTenant, type TestDatabase } from '../../test/database.ts';
import { TEST_MASTER_KEY } from '../../test/setup-database.ts';
import { sha256 } from '../base/hash.ts';
import { objectOf, parseStored, type Json } from '../base/json.ts';
import { seededRandom } from '../base/random.ts';
import { Secret } from '../base/secret.ts';
import { cachedHookTargets, createIntake, type Delivery, type Intake } from '../inbound/index.ts';
import { WORK_LANES } from '../jobs/index.ts';
import { BODY_SIGNATURE_HEADER, URI_SIGNATURE_HEADER } from '../maintainx/index.ts';
import { openDatabase, type Database } from '../postgres/database.ts';
import { postgresStore } from '../store/index.ts';
import { fixedKeyring, openVault } from '../vault/index.ts';
import { createApp } from './index.ts';

const NOW = Date.UTC(2026, 8, 16, 12);
const MIB = 1024 * 1024;
const PUBLIC_URL = 'https://gateway.example';
const SECRET = 'mx_secret';
const vault = openVault(fixedKeyring(TEST_MASTER_KEY));
let now = NOW;
const clock = { now: () => now, sleep: () => Promise.resolve() };

let test: TestDatabase;
let tenantId: string;
let hookKey: string;
let logged: string[];

beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  now = NOW;
  tenantId = randomUUID();
  hookKey = randomBytes(32).toString('base64url');
  logged = [];
  await testTenant(test.database, tenantId, WORK_LANES, NOW);
  await subscribe(new Secret(SECRET));
});

/** A subscription of the tenant to changes of work orders, as the guardian would keep it. */
async function subscribe(secret: Secret): Promise<void> {
  const [connectionId, subscriptionId] = [randomUUID(), randomUUID()];
  await test.database.withTenant(tenantId, async (tx) => {
    await vault.admit(tx, NOW);
    await tx.query(
      `insert into connections (tenant_id, connection_id, organization_id, organization_name, sends_organization,
                                api_key, created_at)
       values ($1, $2, '1', 'Plant', false, '', $3)`,
      [tenantId, connectionId, new Date(NOW)],
    );
    const sealed = await vault.seal(tx, `webhook_subscriptions/${subscriptionId}/secret`, secret);
    await tx.query(
      `insert into webhook_subscriptions (tenant_id, subscription_id, connection_id, event_type, state, public_url,
                                          remote_id, secret, created_at)
       values ($1, $2, $3, 'WORK_ORDER_CHANGE', 'active', $4, '9', $5, $6)`,
      [tenantId, subscriptionId, connectionId, PUBLIC_URL, sealed, new Date(NOW)],
    );
    await tx.query('insert into hook_keys (key_hash, tenant_id, subscription_id) values ($1, $2, $3)', [
      sha256(hookKey),
      tenantId,
      subscriptionId,
    ]);
  });
}

interface Gateway {
  readonly url: string;
  readonly intake: Intake;
}

const open: FastifyInstance[] = [];
afterEach(() => Promise.all(open.splice(0).map((app) => app.close())));

async function gateway(
  database: Database = test.database,
  requireUriSignature = false,
  onStored = (): void => undefined,
  waitingBytes = 1_000_000,
): Promise<Gateway> {
  const ports = { store: postgresStore(database), clock, random: seededRandom(NOW + logged.length) };
  const targets = cachedHookTargets(database, vault, clock.now);
  const intake = createIntake({ ports, targets, requireUriSignature, waitingBytes, onStored });
  const logger = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  const app = await createApp({
    logger,
    intake,
    publicUrl: PUBLIC_URL,
    ready: () => Promise.resolve(),
    health: () => Promise.resolve({}),
    routes: undefined,
  });
  open.push(app);
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), intake };
}

const signed = (payload: string | Uint8Array, secret = SECRET, at = NOW): string => {
  const t = `${Math.floor(at / 1000)}`;
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.`).update(payload).digest('hex')}`;
};

interface Post {
  readonly key?: string;
  readonly signature?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Headers;
  readonly body: string;
  json(): Json;
}

/** Over a socket, as MaintainX does: webhooks are taken in before the framework sees them. */
async function send(
  { url }: Gateway,
  key: string,
  body: string | Buffer,
  headers: Record<string, string>,
): Promise<Answer> {
  const answer = await fetch(`${url}/hooks/${key}`, { method: 'POST', body, headers });
  const text = await answer.text();
  return {
    statusCode: answer.status,
    headers: answer.headers,
    body: text,
    json: () => parseStored(text),
  };
}

const post = (to: Gateway, body: string | Buffer, { key = hookKey, signature, headers = {} }: Post = {}) =>
  send(to, key, body, {
    'content-type': 'application/json',
    [BODY_SIGNATURE_HEADER]: signature ?? signed(body),
    ...headers,
  });

const stored = (): Promise<readonly Delivery[]> =>
  postgresStore(test.database).transact(tenantId, (tx) => tx.deliveries.page(null, 100));

const arrivals = async (): Promise<number> =>
  (await postgresStore(test.database).transact(tenantId, (tx) => tx.deliveries.waiting(100))).length;

const waitingForLocks = async (): Promise<number> => {
  const { rowCount } = await test.owner.query(
    'select from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())',
  );
  return rowCount ?? 0;
};

const BODY = '{"workOrderId":42,"orgId":1,"occurredAt":"2026-09-16T11:59:59.000Z"}';

describe('a signed webhook', () => {
  it('is answered 202, and the exact bytes are stored', async () => {
    const body = `{ "workOrderId" : 42,\n\t"note": "é" }`;
    const answer = await post(await gateway(), body);
    expect([answer.statusCode, answer.json()]).toEqual([202, { status: 'accepted' }]);
    const [delivery, ...others] = await stored();
    expect(others).toEqual([]);
    expect(Buffer.from(delivery?.body ?? []).toString('utf8')).toBe(body);
    expect(delivery).toMatchObject({
      eventType: 'WORK_ORDER_CHANGE',
      signedAt: NOW,
      receivedAt: NOW,
      uriSignature: 'absent',
      state: 'waiting',
    });
  });

  it('that comes again is answered 202 too, and is kept and looked at as the first', async () => {
    const hooks = await gateway();
    await post(hooks, BODY);
    const again = await post(hooks, BODY, { signature: signed(BODY, SECRET, NOW + 9_000) });
    expect([again.statusCode, again.json()]).toEqual([202, { status: 'accepted' }]);
    expect([(await stored()).length, await arrivals()]).toEqual([2, 2]);
    expect(hooks.intake.counts.accepted).toBe(2);
  });

  it('that comes twenty times at once is answered and looked at as often: its fact will be one', async () => {
    const hooks = await gateway();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(hooks, BODY)));
    expect(new Set(answers.map((one) => one.statusCode))).toEqual(new Set([202]));
    expect([(await stored()).length, await arrivals()]).toEqual([20, 20]);
  });

  it.each([
    ['no JSON', 'status=DONE'],
    ['nothing', ''],
    ['bytes that are no text', Buffer.from([0xff, 0x00, 0x7b])],
    ['JSON too deep', '['.repeat(10_000)],
  ])('is stored even when its body cannot be used: %s', async (_what, body) => {
    expect((await post(await gateway(), body)).statusCode).toBe(202);
    const [delivery] = await stored();
    expect(Buffer.from(delivery?.body ?? []).equals(Buffer.from(body))).toBe(true);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
    'multipart/form-data',
    'nonsense',
    '',
  ])('is stored whatever its content type says: %j', async (type) => {
    expect((await post(await gateway(), BODY, { headers: { 'content-type': type } })).statusCode).toBe(202);
    expect(await stored()).toHaveLength(1);
  });

  it('of 1 MiB is stored; with one byte more it is 413', async () => {
    const whole = Buffer.alloc(MIB, 'x');
    expect((await post(await gateway(), whole)).statusCode).toBe(202);
    const more = await post(await gateway(), Buffer.alloc(MIB + 1, 'x'));
    expect([more.statusCode, objectOf(more.json())['code']]).toEqual([413, 'body-too-large']);
    expect(await stored()).toHaveLength(1);
  });

  it('is stored before it is answered, and its work is due', async () => {
    const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
    const hooks = await gateway(test.database, false, wake);
    const store = postgresStore(test.database);
    const lease = await store.leases.claim('deliver', 'p', NOW, 30_000, tenantId);
    if (lease !== undefined) await store.leases.release(lease, NOW + 3_600_000);
    // As long as it cannot be stored there is no answer.
    await test.owner.query('begin; lock table delivery_queue in share mode');
    const answer = post(hooks, BODY);
    await vi.waitFor(async () => expect(await waitingForLocks()).toBe(1));
    const soon = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 100, 'no answer'))]);
    expect(soon).toBe('no answer');
    await test.owner.query('commit');
    expect((await answer).statusCode).toBe(202);
    expect(await arrivals()).toBe(1);
    await woken;
    expect(await store.leases.claim('deliver', 'p', NOW, 30_000, tenantId)).toBeDefined();
  });
});

describe('a webhook is refused and not stored', () => {
  it('when its signature does not fit, with the step that failed', async () => {
    const hooks = await gateway();
    const forged = [
      [signed(BODY, 'another secret'), 'digest-differs'],
      [signed(`${BODY} `), 'digest-differs'],
      [signed(BODY, SECRET, NOW - 301_000), 'outside-time-window'],
      ['t=1', 'header-malformed'],
    ] as const;
    for (const [signature, failed] of forged) {
      const answer = await post(hooks, BODY, { signature });
      expect([answer.statusCode, answer.json()]).toMatchObject([401, { code: 'signature-invalid', failed }]);
    }
    const unsigned = await send(hooks, hookKey, BODY, {});
    expect([unsigned.statusCode, unsigned.json()]).toMatchObject([401, { failed: 'header-missing' }]);
    expect(hooks.intake.counts.badSignature).toBe(5);
    expect(await stored()).toEqual([]);
  });

  it('when nobody has its key', async () => {
    const hooks = await gateway();
    for (const key of ['unknown', 'x'.repeat(200), '%00', "'; drop table deliveries --"]) {
      const answer = await post(hooks, BODY, { key: encodeURIComponent(key) });
      expect([answer.statusCode, answer.json()]).toMatchObject([404, { code: 'hook-key-unknown' }]);
    }
    expect(await stored()).toEqual([]);
  });

  it('when its key was taken away, a minute later at the latest; nobody waits while that is looked up', async () => {
    const targets = cachedHookTargets(test.database, vault, clock.now);
    expect(await targets(hookKey)).toMatchObject({ tenantId });
    await test.database.directory.query('delete from hook_keys where key_hash = $1', [sha256(hookKey)]);
    now = NOW + 59_000;
    // Not a promise: it is known still, and asked for anew behind the webhook's back.
    expect(targets(hookKey)).toMatchObject({ tenantId });
    await vi.waitFor(() => expect(targets(hookKey)).toBeInstanceOf(Promise));
    expect(await targets(hookKey)).toBeUndefined();
  });

  it('as problem details without stack, cause, secret or hook key', async () => {
    const answer = await post(await gateway(), BODY, { signature: 't=1' });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = objectOf(answer.json());
    expect(Object.keys(problem).sort()).toEqual(['code', 'detail', 'failed', 'requestId', 'status', 'title', 'type']);
    for (const secret of ['at ', '.ts', SECRET, hookKey]) expect(answer.body).not.toContain(secret);
    expect(logged.join('')).not.toContain(hookKey);
  });
});

describe('the URI signature', () => {
  const uri = (): string => `${PUBLIC_URL}/hooks/${hookKey}`;

  it('is noted, and does not decide', async () => {
    const hooks = await gateway();
    await post(hooks, '{"a":1}', { headers: { [URI_SIGNATURE_HEADER]: signed(uri()) } });
    await post(hooks, '{"a":2}', { headers: { [URI_SIGNATURE_HEADER]: signed('https://elsewhere.example/') } });
    expect((await stored()).map((one) => one.uriSignature).sort()).toEqual(['invalid', 'valid']);
    expect(hooks.intake.counts.badUriSignature).toBe(1);
  });

  it('decides when it is switched on', async () => {
    const hooks = await gateway(test.database, true);
    expect((await post(hooks, BODY)).statusCode).toBe(401);
    expect((await post(hooks, BODY, { headers: { [URI_SIGNATURE_HEADER]: signed('x') } })).statusCode).toBe(401);
    expect((await post(hooks, BODY, { headers: { [URI_SIGNATURE_HEADER]: signed(uri()) } })).statusCode).toBe(202);
    expect(await stored()).toHaveLength(1);
  });
});

describe('while the database is away', () => {
  let wire: Wire;
  let database: Database;
  beforeAll(async () => {
    wire = await wireTo(new URL(test.runtimeUrl.reveal()));
    const url = new URL(test.runtimeUrl.reveal());
    url.host = `127.0.0.1:${wire.port}`;
    database = openDatabase({ url: new Secret(url.toString()), connections: 2, onError: () => undefined });
  });
  afterAll(async () => {
    await database.close();
    wire.cut();
  });

  it('a webhook is answered 503 with Retry-After, not stored, and accepted once the database is back', async () => {
    const hooks = await gateway(database);
    expect((await post(hooks, '{"n":1}')).statusCode).toBe(202);
    wire.cut();
    const known = await post(hooks, '{"n":2}');
    const unknown = await post(hooks, '{"n":2}', { key: 'unknown' });
    for (const answer of [known, unknown]) {
      expect([answer.statusCode, answer.json()]).toMatchObject([503, { code: 'database-unavailable' }]);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answer.body).not.toMatch(/ECONN|127\.0\.0\.1|postgres:/);
    }
    expect(logged.join('')).not.toContain(hookKey);
    await wire.mend();
    expect((await post(hooks, '{"n":2}')).statusCode).toBe(202);
    expect(await stored()).toHaveLength(2);
  });
});

interface Wire {
  readonly port: number;
  /** Breaks all connections and takes no new ones. */
  cut(): void;
  mend(): Promise<void>;
}

/** A TCP relay to the database that can be cut. */
async function wireTo({ hostname, port }: URL): Promise<Wire> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const listen = async (at: number): Promise<number> => {
    const relay = createServer((near) => {
      const far = connect(Number(port), hostname);
      for (const [one, other] of [[near, far] as const, [far, near] as const]) {
        sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => other.destroy());
        one.pipe(other);
      }
    });
    server = relay;
    await new Promise<void>((resolve) => relay.listen(at, '127.0.0.1', resolve));
    const address = relay.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const taken = await listen(0);
  return {
    port: taken,
    cut: () => {
      server?.close();
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
    mend: async () => void (await listen(taken)),
  };
}

it('refuses a tenant of whom too much waits, says so, and takes in again when it was processed', async () => {
  const small = await gateway(test.database, false, undefined, 4_000);
  const sendSmall = async (nth: number): Promise<number> => {
    const body = JSON.stringify({ nth, note: 'x'.repeat(400) });
    return (await post(small, body, { signature: signed(body, SECRET, now) })).statusCode;
  };
  let nth = 0;
  while ((await sendSmall(nth++)) === 202 && nth < 100);
  expect(nth).toBeGreaterThan(9);
  expect(nth).toBeLessThan(15);
  const body = '{"one":"more"}';
  const refused = await post(small, body, { signature: signed(body, SECRET, now) });
  expect([refused.statusCode, refused.json()]).toEqual([503, expect.objectContaining({ code: 'backlog-full' })]);
  expect(small.intake.counts.full).toBeGreaterThan(0);
  await test.owner.query('delete from delivery_queue');
  now += 2_000;
  await sendSmall(nth++);
  await vi.waitFor(async () => expect(await sendSmall(nth++)).toBe(202));
});
