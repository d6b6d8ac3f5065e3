import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../src/base/clock.ts';
import { Secret } from '../src/base/secret.ts';
import { addTo } from '../src/cli/tenant.ts';
import { readConfig, type Config } from '../src/config.ts';
import { retireSubscriptions, syncStatus, WANTED_EVENTS, type SyncStatus } from '../src/inbound/index.ts';
import { createLogger, openInstallation, startServer, type Server } from '../src/server.ts';
import { tenantByName } from '../src/tenants/index.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { startFake, type FakeMaintainx } from './fake-maintainx.ts';
import { TEST_MASTER_KEY } from './setup-database.ts';

/** What must not stop when MaintainX misbehaves at one place. */
let test: TestDatabase;
let fake: FakeMaintainx;
let server: Server;

beforeEach(async () => {
  test = await testDatabase();
  fake = await startFake();
});

afterEach(async () => {
  await server.stop();
  await fake.close();
  await test.drop();
});

async function start(change: Partial<Config> = {}): Promise<() => Promise<SyncStatus>> {
  const config: Config = {
    ...readConfig({}),
    databaseUrl: test.runtimeUrl,
    migrateUrl: test.ownerUrl,
    masterKey: TEST_MASTER_KEY,
    maintainxBaseUrl: fake.url,
    port: 0,
    requestsPerMinute: 1_000_000,
    pollIntervalMs: 100,
    idleIntervalMs: 50,
    ...change,
  };
  server = await startServer(await openInstallation(config, createLogger('silent')));
  const { tenantId } = await addTo(server.installation, { name: 'plant' }, new Secret('key'));
  return () => syncStatus(server.installation.store, tenantId);
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await systemClock.sleep(25);
  }
}

/** As MaintainX sends it, to the server under test instead of its public address. */
async function sendHook(url: string, body: string): Promise<void> {
  const t = Math.floor(Date.now() / 1_000);
  const v1 = createHmac('sha256', 'mx_fake').update(`${t}.${body}`).digest('hex');
  const answer = await fetch(`${server.address}${new URL(url).pathname}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-maintainx-webhook-body-signature': `t=${t},v1=${v1}` },
    body,
  });
  expect(answer.status).toBe(202);
}

const living = (status: SyncStatus, kind: string): number =>
  status.records.find((count) => count.kind === kind)?.living ?? 0;

const workOrder = (id: number): Record<string, unknown> => ({
  id,
  title: `work order ${id}`,
  status: 'OPEN',
  updatedAt: new Date(1_700_000_000_000 + id).toISOString(),
});

describe('one kind in trouble', () => {
  it('keeps no other kind from being copied and polled', async () => {
    fake.records.set('work-order', [workOrder(1)]);
    fake.lie = (_method, path) => (path === '/assets' ? { status: 500, body: 'down' } : undefined);
    const status = await start();
    await until(async () => living(await status(), 'work-order') === 1);
    const polls = (): number => fake.calls.filter((call) => call === 'GET /workorders').length;
    const before = polls();
    await until(() => polls() > before + 2);
    expect((await status()).backfilledAt).toBeNull();
    fake.lie = () => undefined;
    await until(async () => (await status()).backfilledAt !== null);
  });

  it('that MaintainX refuses is named when the run ends', async () => {
    fake.lie = (_method, path) => (path === '/users' ? { status: 403, body: { error: 'Forbidden' } } : undefined);
    const status = await start();
    await until(async () => (await status()).backfilledAt !== null);
    const [run] = await test.owner.query<{ reason: string }>('select reason from sync_runs').then(({ rows }) => rows);
    expect(run?.reason).toContain('user');
  });
});

describe('a list', () => {
  it('with rows that have no usable id gives the others', async () => {
    const rows = [{ title: 'none' }, { id: {}, title: 'object' }, { id: 'a\u0000b', title: 'text' }, workOrder(7)];
    fake.records.set('work-order', rows);
    const status = await start();
    await until(async () => (await status()).backfilledAt !== null);
    expect(living(await status(), 'work-order')).toBe(1);
  });
});

describe('a single record', () => {
  it('that does not answer holds up no other', async () => {
    fake.records.set('work-order', [workOrder(1), workOrder(2), workOrder(3)]);
    let silent = true;
    fake.lie = (_method, path) => (silent && path === '/workorders/1' ? { status: 503, body: 'busy' } : undefined);
    const status = await start();
    await until(async () => (await status()).waiting.reads === 1 && (await status()).backfilledAt !== null);
    expect(living(await status(), 'work-order')).toBe(3);
    silent = false;
    await until(async () => (await status()).quiet);
  });

  it('whose answer can never be read is parked with its reason', async () => {
    fake.records.set('work-order', [workOrder(1)]);
    fake.lie = (_method, path) => (path === '/workorders/1' ? { status: 200, body: '<html>' } : undefined);
    const status = await start();
    await until(async () => (await status()).waiting.reads === 1);
    // Each try would wait longer than the last.
    await until(async () => {
      await test.owner.query("update hydrations set due_at = 'epoch' where parked_reason is null");
      await test.owner.query("update tenant_leases set due_at = 'epoch' where lane = 'hydrate'");
      server.engine.hints.give('hydrate');
      await systemClock.sleep(200);
      return (await status()).parked.reads === 1;
    });
    const { rows } = await test.owner.query<{ parked_reason: string }>('select parked_reason from hydrations');
    expect(rows[0]?.parked_reason).toContain('maintainx-unreadable');
  });
});

describe('the guardian', () => {
  const statesAre = async (wanted: Readonly<Record<string, number>>): Promise<boolean> => {
    const { rows } = await test.owner.query<{ state: string; count: number }>(
      'select state, count(*)::int as count from webhook_subscriptions group by state',
    );
    const found = Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    return (
      rows.length === Object.keys(wanted).length && Object.entries(wanted).every(([state, n]) => found[state] === n)
    );
  };
  const keysOf = async (state: string): Promise<number> => {
    const { rows } = await test.owner.query(
      'select 1 from hook_keys join webhook_subscriptions using (tenant_id, subscription_id) where state = $1',
      [state],
    );
    return rows.length;
  };
  const publicUrl = 'http://127.0.0.1:9';

  it('subscribes every event but the one that MaintainX refuses, which it does not try over and over', async () => {
    const usual = fake.subscriptions;
    let refused = 0;
    fake.lie = (method, path) => {
      if (method !== 'POST' || path !== '/subscriptions') return undefined;
      // The first one asked for is refused, whichever that is.
      return refused++ === 0 ? { status: 400, body: { errors: [{ error: 'not on your plan' }] } } : undefined;
    };
    await start({ publicUrl, guardianIntervalMs: 3_600_000 });
    expect(WANTED_EVENTS).toHaveLength(31);
    await until(() => usual.length === WANTED_EVENTS.length - 1);
    await systemClock.sleep(500);
    expect([usual.length, refused]).toEqual([WANTED_EVENTS.length - 1, WANTED_EVENTS.length]);
  });

  it('makes no second subscription while the secret of the first cannot be read', async () => {
    fake.lie = (method, path) => {
      if (method === 'POST' && path === '/subscriptions') {
        fake.subscriptions.push({ type: 'x', url: 'x' });
        return { status: 201, body: { id: fake.subscriptions.length, status: 'VALID' } };
      }
      return path.endsWith('/secret') ? { status: 400, body: { error: 'not now' } } : undefined;
    };
    await start({ publicUrl, guardianIntervalMs: 100 });
    await until(() => fake.subscriptions.length === WANTED_EVENTS.length);
    await systemClock.sleep(700);
    expect(fake.subscriptions.length).toBe(WANTED_EVENTS.length);
    fake.lie = () => undefined;
    await until(async () => {
      const { rows } = await test.owner.query("select 1 from webhook_subscriptions where state = 'active'");
      return rows.length === WANTED_EVENTS.length;
    });
    expect(fake.subscriptions.length).toBe(WANTED_EVENTS.length);
  });

  it('adopts a subscription whose creation was never answered when MaintainX tells of it, and makes no second one', async () => {
    let unanswered: { readonly type: string; readonly url: string } | undefined;
    fake.lie = (method, path, _query, body) => {
      const isNext = method === 'POST' && path === '/subscriptions' && fake.subscriptions.length === 3;
      if (!isNext || unanswered !== undefined) return undefined;
      unanswered = JSON.parse(body) as { type: string; url: string };
      return { status: 502, body: 'the answer is lost' };
    };
    await start({ publicUrl, guardianIntervalMs: 100 });
    await until(() => fake.subscriptions.length === WANTED_EVENTS.length - 1);
    const teller = fake.subscriptions.find(({ type }) => type === 'WEBHOOK_CREATED');
    const said = { actorId: 7, webhookId: 77, webhookType: unanswered?.type, url: unanswered?.url, orgId: 1 };
    await sendHook(teller?.url ?? '', JSON.stringify({ ...said, occurredAt: new Date().toISOString() }));
    await until(async () => {
      const { rows } = await test.owner.query(
        "select 1 from webhook_subscriptions where remote_id = '77' and state = 'active'",
      );
      return rows.length === 1;
    });
    await systemClock.sleep(500);
    expect(fake.subscriptions.length).toBe(WANTED_EVENTS.length - 1);
  });

  it('replaces every subscription when asked: the old ones deliver until the new ones do, and nothing is swept for it', async () => {
    await start({ publicUrl, guardianIntervalMs: 100 });
    await until(() => statesAre({ active: WANTED_EVENTS.length }));
    const [old] = fake.subscriptions;
    let waits = true;
    fake.lie = (method, path, _query, body) => {
      if (!waits || !path.startsWith('/subscriptions') || method === 'DELETE' || path.endsWith('/secret'))
        return undefined;
      if (method !== 'POST') return { status: 200, body: { subscription: { id: 1, status: 'PENDING_APPROVAL' } } };
      fake.subscriptions.push(JSON.parse(body) as { type: string; url: string });
      const id = fake.subscriptions.length;
      return { status: 201, body: { id, status: 'PENDING_APPROVAL', secret: 'mx_fake' } };
    };
    const { database } = server.installation;
    const { tenantId } = await tenantByName(database, 'plant');
    expect(await database.withTenant(tenantId, retireSubscriptions)).toBe(WANTED_EVENTS.length);
    await until(() => statesAre({ 'pending-approval': WANTED_EVENTS.length, retiring: WANTED_EVENTS.length }));
    expect(fake.calls.filter((call) => call.startsWith('DELETE /subscriptions'))).toEqual([]);
    waits = false;
    await until(() => statesAre({ active: WANTED_EVENTS.length, retired: WANTED_EVENTS.length }));
    const deleted = fake.calls.filter((call) => call.startsWith('DELETE /subscriptions'));
    expect(new Set(deleted).size).toBe(WANTED_EVENTS.length);
    await sendHook(old?.url ?? '', JSON.stringify({ orgId: 1, occurredAt: new Date().toISOString() }));
    const { rows } = await test.owner.query("select 1 from sync_runs where what = 'sweep'");
    expect(rows).toEqual([]);
    // As if that webhook and the replacement had been long ago.
    await test.owner.query(`update webhook_subscriptions set checked_at = checked_at - interval '4 days'`);
    await until(async () => (await keysOf('retired')) === 1);
    await systemClock.sleep(300);
    expect(await keysOf('retired')).toBe(1);
    await test.owner.query(`update deliveries set received_at = received_at - interval '4 days'`);
    await until(async () => (await keysOf('retired')) === 0);
    expect(await keysOf('active')).toBe(WANTED_EVENTS.length);
  });

  it('makes anew at once one that MaintainX says is gone, and sweeps what nobody told of meanwhile', async () => {
    await start({ publicUrl, guardianIntervalMs: 3_600_000, sweepIntervalMs: 86_400_000 });
    await until(() => statesAre({ active: WANTED_EVENTS.length }));
    const goneId = fake.subscriptions.findIndex(({ type }) => type === 'NEW_WORK_ORDER') + 1;
    fake.lie = (method, path) =>
      method === 'GET' && path === `/subscriptions/${goneId}` ? { status: 404, body: { error: 'no such' } } : undefined;
    const teller = fake.subscriptions.find(({ type }) => type === 'WEBHOOK_ARCHIVED');
    const said = { actorId: 7, webhookId: goneId, orgId: 1, occurredAt: new Date().toISOString() };
    await sendHook(teller?.url ?? '', JSON.stringify(said));
    await until(() => statesAre({ active: WANTED_EVENTS.length, lost: 1 }));
    await until(async () => {
      const { rows } = await test.owner.query("select 1 from sync_runs where what = 'sweep' and state = 'done'");
      return rows.length === 1;
    });
    const { rows } = await test.owner.query('select 1 from webhook_subscriptions where follows_gap');
    expect(rows).toEqual([]);
  });

  it('deletes at MaintainX one whose creation was never answered and that it had replaced when it heard of it', async () => {
    let unanswered: { readonly url: string } | undefined;
    fake.lie = (method, path, _query, body) => {
      const isNext = method === 'POST' && path === '/subscriptions' && fake.subscriptions.length === 3;
      if (!isNext || unanswered !== undefined) return undefined;
      unanswered = JSON.parse(body) as { url: string };
      return { status: 502, body: 'the answer is lost' };
    };
    await start({ publicUrl, guardianIntervalMs: 100 });
    await until(() => fake.subscriptions.length === WANTED_EVENTS.length - 1);
    // As if a long time had passed without a word.
    await test.owner.query(
      `update webhook_subscriptions set created_at = created_at - interval '1 hour' where remote_id is null`,
    );
    await until(() => fake.subscriptions.length === WANTED_EVENTS.length);
    const teller = fake.subscriptions.find(({ type }) => type === 'WEBHOOK_CREATED');
    const said = { actorId: 7, webhookId: 77, url: unanswered?.url, orgId: 1, occurredAt: new Date().toISOString() };
    await sendHook(teller?.url ?? '', JSON.stringify(said));
    await until(() => fake.calls.includes('DELETE /subscriptions/77'));
    await systemClock.sleep(300);
    expect(fake.calls.filter((call) => call === 'DELETE /subscriptions/77')).toHaveLength(1);
  });
});

describe('a stop', () => {
  it('is over soon while MaintainX leaves requests unanswered and a sender does not end its own', async () => {
    fake.records.set('work-order', [workOrder(1)]);
    const status = await start();
    await until(async () => (await status()).backfilledAt !== null);
    const from = performance.now();
    const socket = connect(Number(new URL(server.address).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /hooks/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
    await systemClock.sleep(100);
    await server.stop();
    expect(performance.now() - from).toBeLessThan(8_000);
    server = { ...server, stop: () => Promise.resolve() };
  });
});

describe('very many records missing at once', () => {
  it('are held back and shown until a person believes it', async () => {
    const locations = Array.from({ length: 30 }, (_, index) => ({ id: index + 1, name: `location ${index}` }));
    fake.records.set('location', locations);
    const status = await start({ sweepIntervalMs: 300 });
    await until(async () => (await status()).backfilledAt !== null && (await status()).quiet);
    fake.records.set('location', locations.slice(0, 5));
    await until(async () => (await status()).held.length > 0);
    expect([(await status()).held, living(await status(), 'location')]).toEqual([
      [{ kind: 'location', records: 25 }],
      30,
    ]);
  });
});

describe('a record that is gone a short while after the key changed', () => {
  it('is shown as withheld, keeps nobody waiting, and counts as deleted once a person says so', async () => {
    fake.records.set(
      'location',
      [1, 2, 3].map((id) => ({ id, name: `location ${id}` })),
    );
    const status = await start({ sweepIntervalMs: 300 });
    await until(async () => (await status()).backfilledAt !== null && (await status()).quiet);
    const { store } = server.installation;
    const { rows } = await test.owner.query<{ tenant_id: string }>('select tenant_id from tenants');
    const tenantId = rows[0]?.tenant_id ?? '';
    await store.transact(tenantId, async (tx) => {
      const [record] = await tx.records.page(null, 1);
      await tx.access.noteChange(record?.key.organizationId ?? '', '*', systemClock.now());
    });
    fake.records.set(
      'location',
      [1, 2].map((id) => ({ id, name: `location ${id}` })),
    );
    await until(async () => (await status()).withheld.length > 0 && (await status()).quiet);
    const [withheld] = (await status()).withheld;
    expect(withheld).toMatchObject({ kind: 'location', records: 1 });
    expect((withheld?.until ?? 0) - systemClock.now()).toBeGreaterThan(23 * 3_600_000);
    expect(living(await status(), 'location')).toBe(3);
    await store.transact(tenantId, async (tx) => {
      expect(await tx.hydrations.release(null, systemClock.now())).toBe(1);
      tx.leases.wake('hydrate', systemClock.now());
    });
    await until(async () => living(await status(), 'location') === 2);
    expect((await status()).withheld).toEqual([]);
  });
});
