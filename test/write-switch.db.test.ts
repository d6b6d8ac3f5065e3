import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { carryOut, changeSettings, releaseRestored } from '../src/administration/index.ts';
import { systemClock } from '../src/base/clock.ts';
import { Secret } from '../src/base/secret.ts';
import { addTo } from '../src/cli/tenant.ts';
import { endSubscriptions } from '../src/clients.ts';
import { readConfig } from '../src/config.ts';
import { WANTED_EVENTS, type Writes } from '../src/inbound/index.ts';
import { connect, restoredAt } from '../src/postgres/index.ts';
import { createLogger, openInstallation, startServer, type Server } from '../src/server.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { startFake, type FakeMaintainx } from './fake-maintainx.ts';
import { TEST_LOGIN_KEYS, TEST_MASTER_KEY } from './setup-database.ts';

/** A tenant for which nothing is to be written to MaintainX. */
let test: TestDatabase;
let fake: FakeMaintainx;
let server: Server | undefined;
let logged: string;

beforeEach(async () => {
  server = undefined;
  test = await testDatabase();
  fake = await startFake();
  logged = '';
});
afterEach(async () => {
  await server?.stop();
  await fake.close();
  await test.drop();
});

const written = (): readonly string[] => fake.calls.filter((call) => !call.startsWith('GET '));

const set = (to: Server['installation'], tenantId: string, writes: Writes): Promise<unknown> =>
  carryOut(
    { database: to.database, clock: systemClock },
    { actor: 'test', origin: 'test', tenantId, action: 'changeSettings' },
    changeSettings({ writes }),
  );

async function startWith(
  writes: Writes,
  before: () => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly server: Server; readonly tenantId: string }> {
  const config = {
    ...readConfig({}),
    databaseUrl: test.runtimeUrl,
    migrateUrl: test.ownerUrl,
    masterKey: TEST_MASTER_KEY,
    maintainxBaseUrl: fake.url,
    publicUrl: 'https://gateway.example',
    port: 0,
    requestsPerMinute: 1_000_000,
    guardianIntervalMs: 100,
    idleIntervalMs: 50,
  };
  await before();
  const logger = createLogger('info', { write: (line: string) => void (logged += line) });
  const installation = await openInstallation(config, logger);
  const { tenantId } = await addTo(installation, { name: 'plant' }, new Secret('key'));
  await set(installation, tenantId, writes);
  server = await startServer(installation);
  return { server, tenantId };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await systemClock.sleep(25);
  }
}

const reads = (): number => fake.calls.filter((call) => call.startsWith('GET ')).length;

it('off: it is read, and nothing is written, until it is switched on', async () => {
  const { server: running, tenantId } = await startWith('off');
  await until(() => reads() > 20);
  await systemClock.sleep(500);
  expect(written()).toEqual([]);
  expect(logged).not.toContain('dry run');
  await set(running.installation, tenantId, 'on');
  await until(() => written().length >= WANTED_EVENTS.length);
});

it('dry run: the log says what would be written', async () => {
  await startWith('dry-run');
  await until(() => logged.includes('a dry run'));
  expect(logged).toContain('NEW_WORK_ORDER');
  expect(written()).toEqual([]);
});

it('off: an erasure leaves the subscriptions there are', async () => {
  const { server: running, tenantId } = await startWith('on');
  await until(() => written().length >= WANTED_EVENTS.length);
  await set(running.installation, tenantId, 'off');
  const before = written().length;
  const { ended, left } = await endSubscriptions(running.installation, tenantId);
  expect([ended, left > 0, written().length]).toEqual([0, true, before]);
});

it('a restored backup: nothing is written until a person releases it, then its subscriptions are looked up and all is swept', async () => {
  const moved = async (): Promise<void> =>
    void (await test.owner.query(
      `insert into database_home (place, written_by) values ('elsewhere', pg_current_xact_id())`,
    ));
  const { server: running } = await startWith('on', moved);
  expect(logged).toContain('restored from a backup');
  await until(() => reads() > 20);
  await systemClock.sleep(500);
  expect(written()).toEqual([]);
  const by = { actor: 'test', origin: 'test', action: 'release' };
  const office = { database: running.installation.database, clock: systemClock };
  await releaseRestored(office.database, randomUUID, (of, work) => carryOut(office, { ...by, tenantId: of }, work));
  await until(() => written().length >= WANTED_EVENTS.length);
  const { rows } = await test.owner.query<{ what: string }>('select what from sync_runs');
  expect(rows.map(({ what }) => what)).toContain('sweep');
});

it('a copy of a database is known as one, and a second start of the same is not', async () => {
  const copy = `${inject('databaseTemplate')}_copy`;
  await test.owner.query(`create database ${copy} template ${inject('databaseTemplate')}`);
  try {
    const url = new URL(test.ownerUrl.reveal());
    url.pathname = `/${copy}`;
    const told: string[] = [];
    const open = async (): Promise<number | null> => {
      const database = await connect({
        url: new Secret(url.toString()),
        keys: TEST_LOGIN_KEYS,
        connections: 1,
        log: (message) => void told.push(message),
      });
      const at = await restoredAt(database.directory);
      await database.close();
      return at;
    };
    const first = await open();
    expect(first).toBeGreaterThan(Date.now() - 60_000);
    expect(await open()).toBe(first);
    expect(told.filter((one) => one.includes('restored'))).toHaveLength(1);
  } finally {
    await test.owner.query(`drop database ${copy} with (force)`);
    await test.owner.query(`drop role if exists ${copy}_runtime`);
  }
});

it('a dump that is put back in place is known too, and what is only worked with is not', async () => {
  const open = async (): Promise<number | null> => {
    const options = { url: test.ownerUrl, keys: TEST_LOGIN_KEYS, connections: 1, log: () => undefined };
    const database = await connect(options);
    const at = await restoredAt(database.directory);
    await database.close();
    return at;
  };
  expect(await open()).toBeNull();
  await test.owner.query('vacuum (full, freeze) database_home');
  expect(await open()).toBeNull();
  // As pg_restore does it: the rows come back as they were, by another transaction.
  await test.owner.query('create table dumped as select * from database_home');
  await test.owner.query('delete from database_home');
  await test.owner.query('insert into database_home select * from dumped');
  await test.owner.query('drop table dumped');
  const at = await open();
  expect(at).toBeGreaterThan(Date.now() - 60_000);
  expect(await open()).toBe(at);
});
