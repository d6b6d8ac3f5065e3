import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/inbound/index.ts';
import type { HeldRecord } from '../../src/records/index.ts';
import { tenantOver, TIMES } from './tenant.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

type Tenant = Awaited<ReturnType<typeof tenantOver>>;
const running: Tenant[] = [];
afterEach(() => {
  for (const tenant of running.splice(0)) tenant.stop();
});

/** A tenant who has all work orders, and whom nothing but webhooks moves to read again. */
async function copied(): Promise<Tenant> {
  const times = { ...TIMES, pollIntervalMs: DAY, sweepIntervalMs: DAY, rereadIntervalMs: DAY };
  const tenant = await tenantOver({ times, settings: { ...DEFAULT_SETTINGS, kinds: ['work-order'] } });
  running.push(tenant);
  await tenant.clock.pass(5 * MINUTE);
  return tenant;
}

/** Webhooks about these records, told at the time that `toldAt` names. */
async function told(
  { store, clock }: Tenant,
  records: readonly HeldRecord[],
  toldAt: (record: HeldRecord) => number,
): Promise<void> {
  await store.transact('t', async (tx) => {
    const wishes = records.map(
      (one) => ({ key: one.key, reason: 'hook', explainedBy: [], toldAt: toldAt(one) }) as const,
    );
    await tx.hydrations.want(wishes, await tx.nextTicket(), clock.now());
    tx.leases.wake('hydrate', clock.now());
  });
}

/** What was asked for since: pages of the list, and single work orders. */
function asked({ sent }: Tenant, since: number): { readonly pages: number; readonly singles: number } {
  const paths = sent.slice(since).map(({ pathname }) => pathname);
  return {
    pages: paths.filter((path) => path.endsWith('/workorders')).length,
    singles: paths.filter((path) => /\/workorders\/\d+$/.test(path)).length,
  };
}

const waiting = ({ store }: Tenant): Promise<number> =>
  store.transact(
    't',
    async (tx) => (await tx.hydrations.due(null, Infinity, 1_000)).filter((one) => one.reason === 'hook').length,
  );

describe('webhooks about very many records at once', () => {
  it('are answered by pages of the list where its rows are as new, and what rows lack is read five minutes later', async () => {
    const tenant = await copied();
    const records = (await tenant.records()).slice(0, 50);
    expect(records).toHaveLength(50);
    const since = tenant.sent.length;
    await told(tenant, records, ({ updatedAt }) => updatedAt ?? 0);
    await tenant.clock.pass(MINUTE);
    expect(await waiting(tenant)).toBe(0);
    expect(asked(tenant, since).singles).toBe(0);
    expect(asked(tenant, since).pages).toBeGreaterThan(0);
    expect(asked(tenant, since).pages).toBeLessThan(8);
    await tenant.clock.pass(5 * MINUTE);
    expect(asked(tenant, since).singles).toBe(50);
  });

  it('are answered by single reads where rows are older than what was told: lists lag', async () => {
    const tenant = await copied();
    const records = (await tenant.records()).slice(0, 50);
    const since = tenant.sent.length;
    await told(tenant, records, ({ updatedAt }) => (updatedAt ?? 0) + 1_000);
    await tenant.clock.pass(MINUTE);
    expect(await waiting(tenant)).toBe(0);
    expect(asked(tenant, since).singles).toBe(50);
    expect(tenant.situations).toContain('surge-row-lags');
  });

  it('are answered by single reads when they are few', async () => {
    const tenant = await copied();
    const records = (await tenant.records()).slice(0, 39);
    const since = tenant.sent.length;
    await told(tenant, records, ({ updatedAt }) => updatedAt ?? 0);
    await tenant.clock.pass(MINUTE);
    expect(asked(tenant, since)).toEqual({ pages: 0, singles: 39 });
  });
});
