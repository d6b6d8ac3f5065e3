import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, testTenant, type TestDatabase } from './database.ts';
import { systemClock } from '../src/base/clock.ts';
import { diceFor } from './simulation/chance.ts';
import type { JsonObject } from '../src/base/json.ts';
import { WORK_LANES } from '../src/jobs/index.ts';
import { observe, type Observation } from '../src/records/index.ts';
import { postgresStore } from '../src/store/index.ts';
import { figuresOfAll, refreshFigures } from '../src/projections/figures.ts';
import { figuresWork } from '../src/projections/figures-lane.ts';

const ALONE = { hasOthers: () => false, isGreedy: () => false, did: () => undefined };
const OUTLOOK = { kinds: 3, hooks: 40, hooksWanted: 46, worstMs: 60_000, happened: 10, told: 9 };
const NOW = Date.UTC(2026, 10, 27, 12);
let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

async function tenant(): Promise<string> {
  const tenantId = randomUUID();
  await testTenant(test.database, tenantId, WORK_LANES, NOW);
  return tenantId;
}

/** Single reads of parts and assets: what MaintainX answered, null for 404. */
async function see(tenantId: string, kind: 'part' | 'asset', ids: readonly number[], gone: boolean): Promise<void> {
  const store = postgresStore(test.database);
  await store.transact(tenantId, async (tx) => {
    const began = await tx.nextTicket();
    const read = { began, ended: await tx.nextTicket(), at: NOW };
    const observations = ids.map((id): Observation => {
      const raw: JsonObject = { id, name: `${kind} ${id}`, updatedAt: new Date(NOW + began * 1_000).toISOString() };
      const key = { organizationId: '1', kind, recordId: String(id) };
      return { key, source: 'get', read, raw: gone ? null : raw, explainedBy: [] };
    });
    const { events } = await observe(tx.records, observations, { now: NOW, newId: () => randomUUID() });
    await tx.log.append(events);
  });
}

const refresh = (tenantId: string): Promise<void> =>
  test.database.withTenant(tenantId, (tx) => refreshFigures(tx, NOW));

async function figuresOf(tenantId: string) {
  const all = await figuresOfAll(test.database.directory, NOW + 5_000);
  return all.find((one) => one.tenantId === tenantId);
}

it('counts on from the log what counting everything would find', async () => {
  const [kept, fresh] = [await tenant(), await tenant()];
  await refresh(kept);
  const dice = diceFor(7, 'figures');
  for (let turn = 0; turn < 40; turn++) {
    const [kind, gone, first] = [dice.pick(['part', 'asset'] as const), dice.chance(0.4), dice.whole(1, 12)];
    for (const tenantId of [kept, fresh]) await see(tenantId, kind, [first, first + 1, first + 2], gone);
    if (dice.chance(0.5)) await refresh(kept);
  }
  await refresh(kept);
  await refresh(fresh);
  const counted = (await figuresOf(kept))?.counted;
  expect(counted?.records).toEqual((await figuresOf(fresh))?.counted?.records);
  const { rows } = await test.owner.query<{ kind: string; living: number; deleted: number }>(
    `select kind, (count(*) filter (where deleted_at is null))::int as living,
            (count(*) filter (where deleted_at is not null))::int as deleted
     from records where tenant_id = $1 group by kind`,
    [kept],
  );
  expect(counted?.records).toEqual(Object.fromEntries(rows.map(({ kind, ...count }) => [kind, count])));
  expect(rows.some(({ deleted }) => deleted > 0)).toBe(true);
  expect(counted?.lastEventAt).toBe(NOW);
});

it('says how late the latest lane is, and what waits since when', async () => {
  const tenantId = await tenant();
  expect(await figuresOf(tenantId)).toMatchObject({ lateMs: 5_000, counted: null });
  const store = postgresStore(test.database);
  const delivery = {
    tenantId,
    deliveryId: '019c6f00-0000-7000-8000-000000000001',
    subscriptionId: randomUUID(),
    eventType: 'NEW_ASSET' as const,
    body: Buffer.from('{}'),
    signedAt: NOW,
    uriSignature: 'absent' as const,
    receivedAt: NOW,
  };
  await store.accept([delivery]);
  await refresh(tenantId);
  const arrivedAt = Number.parseInt('019c6f000000', 16);
  expect((await figuresOf(tenantId))?.counted).toMatchObject({
    waitingWebhooks: 1,
    oldestWebhookAt: arrivedAt,
    parked: 0,
  });
  await test.owner.query('update tenant_leases set due_at = $2 where tenant_id = $1', [
    tenantId,
    new Date(NOW + 60_000),
  ]);
  expect((await figuresOf(tenantId))?.lateMs).toBe(0);
});

it('is woken by whoever appends to the log, and writes nothing once its lease is lost', async () => {
  const tenantId = await tenant();
  const store = postgresStore(test.database);
  const claim = () => store.leases.claim('figures', 'p', NOW + 10_000, 60_000, tenantId);
  const lease = await claim();
  if (lease === undefined) throw new Error('the lane is due');
  const work = figuresWork({
    database: test.database,
    clock: { ...systemClock, now: () => NOW },
    outlookOf: (_tenantId, at) => Promise.resolve({ ...OUTLOOK, at }),
    principalOf: () => Promise.resolve('key x'),
  });
  const next = await work(lease, new AbortController().signal, ALONE);
  expect(next).toBe(NOW + 5 * 60_000);
  await store.leases.release(lease, next ?? 0);
  expect(await figuresOf(tenantId)).toMatchObject({ outlook: { ...OUTLOOK, at: NOW }, quota: null });
  expect(await claim()).toBeUndefined();
  await see(tenantId, 'part', [1], false);
  expect(await claim()).toBeDefined();
  await expect(work(lease, new AbortController().signal, ALONE)).rejects.toMatchObject({ code: 'lease-lost' });
});
