import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../src/base/canonical-json.ts';
import { systemClock } from '../src/base/clock.ts';
import { Secret } from '../src/base/secret.ts';
import { addTo } from '../src/cli/tenant.ts';
import { readConfig, type Config } from '../src/config.ts';
import { DEFAULT_KINDS, DEFAULT_SETTINGS, listedIn, newId, PLAIN_RUN, syncStatus } from '../src/inbound/index.ts';
import { recordStream } from '../src/log/index.ts';
import { compareKind, fold } from '../src/records/index.ts';
import { startSandbox, type Sandbox } from '../src/sandbox/index.ts';
import { createLogger, openInstallation, startServer, type Server } from '../src/server.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { documentAtHand } from './referee/document-at-hand.ts';
import { Judge } from './referee/judge.ts';
import { startRecorder, type Recorder } from './referee/recorder.ts';
import { Tally } from './referee/tally.ts';
import { TEST_MASTER_KEY } from './setup-database.ts';

/** A whole gateway over a real database and a plant in which people work. */
let test: TestDatabase;
let sandbox: Sandbox;
let server: Server;
let tenantId: string;
/** Between both, in both directions. */
let calls: Recorder;
let hooks: Recorder;

beforeAll(async () => {
  test = await testDatabase();
  sandbox = await startSandbox({ port: 0, seed: 3, requestsPerMinute: 0, organisationRequestsPerMinute: 0 });
  const port = 20_000 + (process.pid % 20_000);
  calls = await startRecorder(new URL(sandbox.url).origin);
  hooks = await startRecorder(`http://127.0.0.1:${port}`);
  const config: Config = {
    ...readConfig({}),
    databaseUrl: test.runtimeUrl,
    migrateUrl: test.ownerUrl,
    masterKey: TEST_MASTER_KEY,
    maintainxBaseUrl: `${calls.url}/v1`,
    port,
    publicUrl: hooks.url,
    requestsPerMinute: 1_000_000,
    pollIntervalMs: 500,
    pollOverlapMs: 2_000,
  };
  server = await startServer(await openInstallation(config, createLogger('silent')));
  tenantId = (await addTo(server.installation, { name: 'plant' }, new Secret(sandbox.apiKey))).tenantId;
});

afterAll(async () => {
  await sandbox.close();
  await server.stop();
  await calls[Symbol.asyncDispose]();
  await hooks[Symbol.asyncDispose]();
  await test.drop();
});

async function untilQuiet(): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const sent = sandbox.stats().hooks;
    const status = await syncStatus(server.installation.store, tenantId);
    if (status.quiet && status.backfilledAt !== null && sent.underWay + sent.waiting === 0) return;
    if (Date.now() > deadline) throw new Error(`still busy: ${JSON.stringify(status.waiting)}`);
    await systemClock.sleep(50);
  }
}

async function sweep(): Promise<void> {
  const { store } = server.installation;
  await store.transact(tenantId, async (tx) => {
    tx.leases.wake('pull', Date.now());
    const options = { ...PLAIN_RUN, reread: 'untimed' } as const;
    const [runId, organizationId] = [newId(server.engine.ports), String(sandbox.organizationId)];
    const asked = { runId, organizationId, what: 'sweep', options, requestedAt: Date.now() } as const;
    await tx.runs.request(asked, listedIn(DEFAULT_SETTINGS));
  });
  server.engine.hints.give('pull');
  await untilQuiet();
}

async function differences(): Promise<readonly unknown[]> {
  const held = await server.installation.store.transact(tenantId, (tx) => tx.records.page(null, 10_000));
  return DEFAULT_KINDS.flatMap((kind) =>
    compareKind(
      kind,
      sandbox.records(kind),
      held.filter((one) => one.key.kind === kind),
    ),
  );
}

/** The bytea values in a row's text, as text. */
const decodedBytes = (row: string): string[] =>
  [...row.matchAll(/\\x([0-9a-f]+)/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1'));

describe('one plant, live', () => {
  it('is copied whole, field by field, after it was added', async () => {
    await untilQuiet();
    expect(DEFAULT_KINDS.reduce((sum, kind) => sum + sandbox.records(kind).length, 0)).toBeGreaterThan(300);
    expect(await differences()).toEqual([]);
  });

  it('is followed while people work: changes come by webhook, deletes by sweep, and the copy ends up equal', async () => {
    const before = await syncStatus(server.installation.store, tenantId);
    sandbox.setRate(60);
    await systemClock.sleep(4_000);
    sandbox.setRate(0);
    await untilQuiet();
    await sweep();
    const after = await syncStatus(server.installation.store, tenantId);
    expect(sandbox.stats().changes).toBeGreaterThan(150);
    expect(after.lastSeq).toBeGreaterThan(before.lastSeq + 150);
    expect(after.records.reduce((sum, count) => sum + count.deleted, 0)).toBeGreaterThan(0);
    expect(await differences()).toEqual([]);
  });

  it('keeps a gapless log of which every record is the fold, byte for byte', async () => {
    const { store } = server.installation;
    const [records, events] = await store.transact(tenantId, async (tx) => [
      await tx.records.page(null, 10_000),
      await tx.log.read(0, 100_000),
    ]);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    for (const { key, state, version, deletedAt } of records) {
      const stream = recordStream(key.kind, key.organizationId, key.recordId);
      const folded = fold(events.filter((event) => event.stream === stream));
      expect([stream, folded?.version, canonicalJson(folded?.state)]).toEqual([stream, version, canonicalJson(state)]);
      expect([stream, folded?.deleted]).toEqual([stream, deletedAt !== null]);
    }
  });

  it('keeps each acknowledged webhook as one fact that says who did what', async () => {
    const { store } = server.installation;
    const facts = await store.transact(tenantId, async (tx) => {
      const events = await tx.log.read(0, 100_000);
      return events.filter((event) => event.family === 'fact');
    });
    const deliveries = await store.transact(tenantId, (tx) => tx.deliveries.page(null, 100_000));
    expect(facts.length).toBe(deliveries.length);
    expect(facts.length).toBeGreaterThan(100);
    expect(facts.some((fact) => fact.actor?.startsWith('user/'))).toBe(true);
  });

  it('explains state changes by the facts that caused the look', async () => {
    const explained = await server.installation.store.transact(tenantId, async (tx) => {
      const events = await tx.log.read(0, 100_000);
      const facts = new Set(events.filter((event) => event.family === 'fact').map((event) => event.eventId));
      return events.flatMap((event) => event.explainedBy).map((id) => facts.has(id));
    });
    expect(explained.length).toBeGreaterThan(50);
    expect(explained.every(Boolean)).toBe(true);
  });

  it('finds nothing new in a second, idle sweep', async () => {
    const before = await syncStatus(server.installation.store, tenantId);
    await sweep();
    const after = await syncStatus(server.installation.store, tenantId);
    expect(after.lastSeq).toBe(before.lastSeq);
  });

  it('holds the API key, webhook secrets and hook keys nowhere in clear', async () => {
    const { rows } = await test.owner.query<{ table: string }>(
      `select relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'public' and relkind = 'r'`,
    );
    // As the sandbox makes secrets of webhooks; and a hook key is nowhere but in the webhook that told of its subscription.
    const isSecret = (text: string, table: string): boolean =>
      text.includes(sandbox.apiKey) ||
      /mx_[0-9a-f]{8}-[0-9a-f]{4}/.test(text) ||
      (!table.startsWith('deliveries') && /\/hooks\/[\w-]{43}/.test(text));
    for (const { table } of rows) {
      const dump = await test.owner.query<{ row: string }>(`select t::text as row from ${table} t`);
      const texts = dump.rows.flatMap(({ row }) => [row, ...decodedBytes(row)]);
      expect([table, texts.filter((text) => isSecret(text, table))]).toEqual([table, []]);
    }
  });
});

describe('what went over the wire in all of that', () => {
  it("keeps to MaintainX's specification in both directions", () => {
    const { document, whose } = documentAtHand();
    const tally = new Tally(new Judge(document));
    tally.add({ exchanges: calls.exchanges, deliveries: hooks.exchanges });
    const { exchanges, operationsCovered, deliveries, violations } = tally.figures();
    console.log(
      `${exchanges} exchanges of ${operationsCovered} operations and ${deliveries} webhooks, judged by ${whose}`,
    );
    expect(exchanges).toBeGreaterThan(300);
    expect(deliveries).toBeGreaterThan(100);
    expect(violations).toEqual([]);
  });
});
