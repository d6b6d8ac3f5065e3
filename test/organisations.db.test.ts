import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiClient, type ApiClient } from '../src/api-client/index.ts';
import { systemClock } from '../src/base/clock.ts';
import { Secret } from '../src/base/secret.ts';
import { addTo } from '../src/cli/tenant.ts';
import { readConfig, type Config } from '../src/config.ts';
import {
  DEFAULT_KINDS,
  DEFAULT_SETTINGS,
  listedIn,
  newId,
  PLAIN_RUN,
  syncStatus,
  WANTED_EVENTS,
} from '../src/inbound/index.ts';
import { compareKind, type Difference } from '../src/records/index.ts';
import { startSandbox, type Sandbox } from '../src/sandbox/index.ts';
import { createLogger, openInstallation, startServer, type Server } from '../src/server.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { TEST_MASTER_KEY } from './setup-database.ts';

/** One tenant with two organisations: the first comes with it, the second later, each with a key of its own. */
let test: TestDatabase;
let sandbox: Sandbox;
let server: Server;
let tenantId: string;
let api: ApiClient;
let [first, second] = ['', ''];

beforeAll(async () => {
  test = await testDatabase();
  sandbox = await startSandbox({
    port: 0,
    seed: 5,
    organizations: 2,
    requestsPerMinute: 0,
    organisationRequestsPerMinute: 0,
  });
  [first = '', second = ''] = sandbox.organizations.map(({ id }) => String(id));
  const port = 11_000 + (process.pid % 9_000);
  const config: Config = {
    ...readConfig({}),
    databaseUrl: test.runtimeUrl,
    migrateUrl: test.ownerUrl,
    masterKey: TEST_MASTER_KEY,
    maintainxBaseUrl: sandbox.url,
    port,
    publicUrl: `http://127.0.0.1:${port}`,
    requestsPerMinute: 1_000_000,
    pollIntervalMs: 500,
    pollOverlapMs: 2_000,
  };
  server = await startServer(await openInstallation(config, createLogger('silent')));
  tenantId = (await addTo(server.installation, { name: 'group' }, new Secret(sandbox.apiKey))).tenantId;
  api = createApiClient({ baseUrl: server.address, token: server.madeToken?.reveal() ?? '', tenant: 'group' });
});

afterAll(async () => {
  await sandbox.close();
  await server.stop();
  await test.drop();
});

const status = (organizationId: string | null = null) =>
  syncStatus(server.installation.store, tenantId, organizationId);

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await holds()); await systemClock.sleep(50))
    if (Date.now() > deadline) throw new Error(`never: ${String(holds)}, ${JSON.stringify(await status())}`);
}

async function untilQuiet(): Promise<void> {
  await until(async () => {
    const { underWay, waiting } = sandbox.stats().hooks;
    const { quiet, backfilledAt } = await status();
    return quiet && backfilledAt !== null && underWay + waiting === 0;
  });
}

/** Everything is listed, and what lists do not tell is read again. */
async function sweep(organizationId: string, reread: 'untimed' | 'all' = 'untimed'): Promise<void> {
  const { installation, engine } = server;
  const run = { runId: newId(engine.ports), organizationId, what: 'sweep', options: { ...PLAIN_RUN, reread } } as const;
  await installation.store.transact(tenantId, async (tx) => {
    tx.leases.wake('pull', Date.now());
    await tx.runs.request({ ...run, requestedAt: Date.now() }, listedIn(DEFAULT_SETTINGS));
  });
  engine.hints.give('pull');
  await untilQuiet();
}

const subscribed = (organizationId: string): number =>
  sandbox.subscriptions().filter((one) => String(one.organizationId) === organizationId).length;

async function differences(organizationId: string): Promise<readonly Difference[]> {
  const held = await server.installation.store.transact(tenantId, (tx) => tx.records.page(null, 100_000));
  return DEFAULT_KINDS.flatMap((kind) =>
    compareKind(
      kind,
      sandbox.records(kind, Number(organizationId)),
      held.filter(({ key }) => key.kind === kind && key.organizationId === organizationId),
    ),
  );
}

describe('a tenant with two organisations', () => {
  it('has the second one copied beside the first, by a key that sees both', async () => {
    await until(async () => (await status()).backfilledAt !== null);
    const body = { apiKey: sandbox.multiOrganizationKey };
    await expect(api.call('addConnection', { body })).rejects.toMatchObject({ code: 'usage', status: 400 });
    const added = await api.call('addConnection', { body: { ...body, organizationId: second } });
    expect(added).toMatchObject({ organizationId: second, state: 'active', endedAt: null });
    expect((await status(second)).backfilledAt).toBeNull();
    await untilQuiet();
    expect([await differences(first), await differences(second)]).toEqual([[], []]);
    expect((await status(second)).records.reduce((sum, { living }) => sum + living, 0)).toBeGreaterThan(300);
    const { items } = await api.call('listConnections', {});
    expect(items.map((one) => [one.organizationId, one.state])).toEqual([
      [first, 'active'],
      [second, 'active'],
    ]);
  });

  it('has webhooks of each, which tell of its own records', async () => {
    await until(() =>
      Promise.resolve([first, second].every((organization) => subscribed(organization) === WANTED_EVENTS.length)),
    );
    await systemClock.sleep(300);
    sandbox.setRate(30);
    await systemClock.sleep(3_000);
    sandbox.setRate(0);
    await untilQuiet();
    for (const organization of [first, second]) await sweep(organization);
    expect([await differences(first), await differences(second)]).toEqual([[], []]);
    const events = await server.installation.store.transact(tenantId, (tx) => tx.log.read(0, 100_000));
    const facts = events.filter(({ family }) => family === 'fact');
    for (const organization of [first, second])
      expect(facts.filter(({ stream }) => stream.split('/')[1] === organization).length).toBeGreaterThan(30);
  });

  it('is told which organisation is meant where that matters, or asks', async () => {
    await expect(api.call('requestSweep', {})).rejects.toMatchObject({ code: 'usage', status: 400 });
    await expect(api.call('getQuota', {})).rejects.toThrow(second);
    await expect(api.call('getQuota', { query: { organization: '7' } })).rejects.toMatchObject({ code: 'not-found' });
    const users = [];
    for (const organization of [first, second])
      users.push((await api.call('getQuota', { query: { organization } })).user);
    expect(new Set(users).size).toBe(2);
    const whole = (await api.call('getSyncStatus', {})).records['asset']?.living ?? 0;
    const parts = [];
    for (const organization of [first, second])
      parts.push((await api.call('getSyncStatus', { query: { organization } })).records['asset']?.living ?? 0);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(whole);
    expect((await api.call('getCoverage', { query: { organization: second } })).subscribed.length).toBeGreaterThan(30);
  });

  it('goes on with one when the key of the other is refused', async () => {
    const elsewhere = sandbox.organizations[1]?.apiKey ?? '';
    const wrong = api.call('setApiKey', { query: { organization: first }, body: { apiKey: elsewhere } });
    await expect(wrong).rejects.toMatchObject({ code: 'usage' });
    const changed = { query: { organization: second }, body: { apiKey: elsewhere } };
    expect(await api.call('setApiKey', changed)).toEqual({ organizationId: second });
    await untilQuiet();
  });

  it('ends one and keeps what it brought; the last is not ended', async () => {
    const held = (await status(second)).records;
    const ended = await api.call('endConnection', { path: { organizationId: second } });
    expect(ended).toMatchObject({ organizationId: second, state: 'ended' });
    expect([subscribed(first), subscribed(second)]).toEqual([WANTED_EVENTS.length, 0]);
    const last = api.call('endConnection', { path: { organizationId: first } });
    await expect(last).rejects.toMatchObject({ code: 'request-invalid' });
    const { rows } = await test.owner.query<{ bytes: number }>(
      'select octet_length(api_key) as bytes from connections where organization_id = $1',
      [second],
    );
    expect(rows).toEqual([{ bytes: 0 }]);
    sandbox.setRate(30);
    await systemClock.sleep(1_500);
    sandbox.setRate(0);
    await untilQuiet();
    await sweep(first);
    expect(await differences(first)).toEqual([]);
    expect((await status(second)).records).toEqual(held);
  });

  it('takes it up again where it was', async () => {
    const body = { apiKey: sandbox.multiOrganizationKey, organizationId: second };
    expect(await api.call('addConnection', { body })).toMatchObject({ state: 'active', endedAt: null });
    await expect(api.call('addConnection', { body })).rejects.toMatchObject({ code: 'request-invalid' });
    await sweep(second, 'all');
    // For a day nothing counts as deleted: what the new key may not see may still be there.
    const { withheld } = await status();
    const gone = (await differences(second)).filter(({ there }) => there === null);
    expect(withheld.reduce((sum, { records }) => sum + records, 0)).toBe(gone.length);
    expect((await differences(second)).length).toBe(gone.length);
  });
});
