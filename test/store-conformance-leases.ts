import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ORGANIZATION_LANES, WHOLE_TENANT, NEVER, WORK_LANES, type Lease, type WorkLane } from '../src/jobs/index.ts';
import { HOUR, NOW, upTo, type World } from './store-conformance.ts';
import { factOf } from './store-conformance-samples.ts';

const LEASE_MS = 30_000;

export function keepsLeases(world: World): void {
  claimsAndGivesBack(world);
  fencesZombies(world);
  losesNoWake(world);
}

async function claimOf({ store }: World, tenantId: string, now = NOW, lane: WorkLane = 'deliver'): Promise<Lease> {
  const lease = await store().leases.claim(lane, 'test', now, LEASE_MS, tenantId);
  if (lease === undefined) throw new Error('there was nothing to claim');
  return lease;
}

function claimsAndGivesBack(world: World): void {
  const { store, tenant } = world;

  it('hands out work that is due, and nothing that is not', async () => {
    const tenantId = await tenant(NOW + 1);
    expect(await store().leases.claim('deliver', 'p', NOW, LEASE_MS, tenantId)).toBeUndefined();
    for (const lane of WORK_LANES)
      expect(await claimOf(world, tenantId, NOW + 1, lane)).toMatchObject({
        lane,
        organizationId: ORGANIZATION_LANES.includes(lane) ? '1' : WHOLE_TENANT,
      });
    expect(await store().leases.claim('deliver', 'p', NOW + 1, LEASE_MS, tenantId)).toBeUndefined();
  });

  it('gives work back until it is due again', async () => {
    const tenantId = await tenant();
    await store().leases.release(await claimOf(world, tenantId), NOW + HOUR);
    expect(await store().leases.claim('deliver', 'p', NOW + HOUR - 1, LEASE_MS, tenantId)).toBeUndefined();
    expect(await claimOf(world, tenantId, NOW + HOUR)).toBeDefined();
  });

  it('hands out the work that has been due longest first', async () => {
    const tenants = [await tenant(3_000), await tenant(1_000), await tenant(2_000)];
    const next = async (): Promise<string | undefined> =>
      (await store().leases.claim('pull', 'p', 5_000, LEASE_MS, null))?.tenantId;
    expect([await next(), await next(), await next()]).toEqual([tenants[1], tenants[2], tenants[0]]);
    expect(await next()).toBeUndefined();
  });

  it('gives eight concurrent claimers eight different tenants', async () => {
    // Nothing else in this suite is due that early.
    const tenants = await Promise.all(upTo(8).map(() => tenant(100)));
    const claims = await Promise.all(upTo(8).map((nth) => store().leases.claim('guard', `p${nth}`, 200, 1_000, null)));
    const claimed = claims.map((lease) => lease?.tenantId);
    expect(claimed.filter((tenantId) => tenantId !== undefined).length).toBeGreaterThan(0);
    // One who came too late for a row that another was just taking finds the rest at the next look.
    for (;;) {
      const lease = await store().leases.claim('guard', 'late', 200, 1_000, null);
      if (lease === undefined) break;
      claimed.push(lease.tenantId);
    }
    expect(claimed.filter((tenantId) => tenantId !== undefined).sort()).toEqual(tenants.toSorted());
  });

  it('never gives one tenant’s work to two of eight claimers', async () => {
    const tenantId = await tenant();
    const claims = await Promise.all(
      upTo(8).map((nth) => store().leases.claim('deliver', `p${nth}`, NOW, LEASE_MS, tenantId)),
    );
    expect(claims.filter((lease) => lease !== undefined)).toHaveLength(1);
  });
}

function fencesZombies(world: World): void {
  const { store, tenant } = world;
  const underLease = (lease: Lease): Promise<string> =>
    store().transact(lease.tenantId, async (tx) => {
      await tx.leases.fence(lease);
      return 'held';
    });

  it('hands out the work of a holder that died, and only after its lease ran out', async () => {
    const tenantId = await tenant();
    const dead = await claimOf(world, tenantId);
    expect(await store().leases.claim('deliver', 'q', NOW + LEASE_MS, LEASE_MS, tenantId)).toBeUndefined();
    const heir = await claimOf(world, tenantId, NOW + LEASE_MS + 1);
    expect(heir.epoch).toBeGreaterThan(dead.epoch);
  });

  it('fences the old holder once another took over', async () => {
    const tenantId = await tenant();
    const zombie = await claimOf(world, tenantId);
    expect(await underLease(zombie)).toBe('held');
    const heir = await claimOf(world, tenantId, NOW + LEASE_MS + 1);
    await expect(underLease(zombie)).rejects.toMatchObject({ code: 'lease-lost' });
    expect(await underLease(heir)).toBe('held');
    expect(await store().leases.renew(zombie, NOW + LEASE_MS + 2, LEASE_MS)).toBe(false);
    await store().leases.release(zombie, NOW);
    expect(await underLease(heir)).toBe('held');
    expect(await store().leases.claim('deliver', 'r', NOW + LEASE_MS + 2, LEASE_MS, tenantId)).toBeUndefined();
  });

  it('holds a lease longer for who renews it', async () => {
    const tenantId = await tenant();
    const lease = await claimOf(world, tenantId);
    expect(await store().leases.renew(lease, NOW + 20_000, LEASE_MS)).toBe(true);
    expect(await store().leases.claim('deliver', 'q', NOW + LEASE_MS + 1, LEASE_MS, tenantId)).toBeUndefined();
    expect(await underLease(lease)).toBe('held');
  });

  it('keeps others from taking over until a transaction that passed the fence has ended', async () => {
    const tenantId = await tenant();
    const lease = await claimOf(world, tenantId);
    const late = NOW + LEASE_MS + 1;
    const meanwhile = await store().transact(tenantId, async (tx) => {
      await tx.leases.fence(lease);
      return store().leases.claim('deliver', 'q', late, LEASE_MS, tenantId);
    });
    expect(meanwhile).toBeUndefined();
    expect(await claimOf(world, tenantId, late)).toBeDefined();
  });

  it('writes nothing for a holder that lost its lease', async () => {
    const tenantId = await tenant();
    const zombie = await claimOf(world, tenantId);
    await claimOf(world, tenantId, NOW + LEASE_MS + 1);
    const late = store().transact(tenantId, async (tx) => {
      await tx.log.append([factOf('a')]);
      await tx.leases.fence(zombie);
    });
    await expect(late).rejects.toMatchObject({ code: 'lease-lost' });
    expect(await store().transact(tenantId, (tx) => tx.log.read(0, 10))).toEqual([]);
  });
}

function losesNoWake(world: World): void {
  const { store, tenant } = world;
  const wake = (tenantId: string, at = NOW): Promise<void> =>
    store().transact(tenantId, (tx) => Promise.resolve(tx.leases.wake('deliver', at)));

  it('makes work due for which nothing was planned, and none later than it was', async () => {
    const tenantId = await tenant();
    await store().leases.release(await claimOf(world, tenantId), NEVER);
    expect(await store().leases.claim('deliver', 'p', NOW + HOUR, LEASE_MS, tenantId)).toBeUndefined();
    await wake(tenantId, NOW + 1);
    await wake(tenantId, NOW + HOUR);
    expect(await claimOf(world, tenantId, NOW + 1)).toBeDefined();
  });

  it('does not lose at release what woke the lane while it was held', async () => {
    const tenantId = await tenant();
    const lease = await claimOf(world, tenantId);
    await wake(tenantId, NOW + 2);
    await store().leases.release(lease, NEVER);
    expect(await claimOf(world, tenantId, NOW + 2)).toBeDefined();
  });

  it('does not let a transaction that fails undo a claim made meanwhile', async () => {
    const tenantId = await tenant(NOW);
    await store().leases.release(await claimOf(world, tenantId), NOW + 5);
    let claimed: Lease | undefined;
    const failed = store().transact(tenantId, async (tx) => {
      tx.leases.wake('deliver', NOW);
      claimed = await store().leases.claim('deliver', 'q', NOW + 5, LEASE_MS, tenantId);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    const holder = claimed ?? (await claimOf(world, tenantId, NOW + 5));
    expect(await store().leases.renew(holder, NOW + 6, LEASE_MS)).toBe(true);
    expect(await store().leases.claim('deliver', 'r', NOW + 6, LEASE_MS, tenantId)).toBeUndefined();
  });

  it('either shows what is written to the worker that looks while it commits, or makes the worker look again', async () => {
    const tenantId = await tenant();
    let looking: Promise<number> | undefined;
    await store().transact(tenantId, async (tx) => {
      tx.leases.wake('deliver', NOW);
      await tx.log.append([factOf('a')]);
      looking = look();
      await pause(100);
    });
    const seen = await looking;
    const another = await store().leases.claim('deliver', 'q', NOW + 1, LEASE_MS, tenantId);
    expect(seen === 1 || another !== undefined).toBe(true);

    /** What a worker does: claims, reads what waits, and lies down until something wakes the lane. */
    async function look(): Promise<number> {
      const lease = await store().leases.claim('deliver', 'p', NOW, LEASE_MS, tenantId);
      if (lease === undefined) return 0;
      const waiting = await store().transact(tenantId, (tx) => tx.log.read(0, 10));
      await store().leases.release(lease, NEVER);
      return waiting.length;
    }
  });
}
