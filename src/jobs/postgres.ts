import type { Clock } from '../base/clock.ts';
import { raise } from '../errors.ts';
import type { Queries, TenantTransaction } from '../postgres/index.ts';
import {
  NEVER,
  WHOLE_TENANT,
  type Lease,
  type LeaseStatements,
  type LeaseTransaction,
  type WorkLane,
} from './lease.ts';

/**
 * A claim moves due_at to the end of time, so that whatever wakes the lane while it is held is not lost at release; a
 * lease that ran out is due, whatever due_at says: its holder died.
 */
export function postgresLeases(directory: Queries): LeaseStatements {
  return {
    claim: async (lane, holder, now, leaseMs, tenantId, mostOfOne = ALL) => {
      const rows = await directory.query<{ tenant_id: string; organization_id: string; epoch: number }>(
        `update tenant_leases set holder = $2, epoch = epoch + 1, held_until = $4, due_at = $5
         where (tenant_id, lane, organization_id) = (
           select l.tenant_id, l.lane, l.organization_id from tenant_leases l join tenants t using (tenant_id)
           where l.lane = $1 and (l.held_until < $3 or (l.held_until is null and l.due_at <= $3)) and t.state = 'active'
             and ($6::uuid is null or l.tenant_id = $6)
             and (select count(*) from tenant_leases h
                  where h.tenant_id = l.tenant_id and h.lane = l.lane and h.held_until >= $3) < coalesce(t.workers, $7::int)
           order by least(l.due_at, l.held_until) limit 1 for update of l skip locked)
         returning tenant_id, organization_id, epoch`,
        [lane, holder, new Date(now), new Date(now + leaseMs), new Date(NEVER), tenantId, mostOfOne],
      );
      const [row] = rows;
      if (row === undefined) return undefined;
      return { tenantId: row.tenant_id, organizationId: row.organization_id, lane, epoch: row.epoch };
    },
    renew: async (lease, now, leaseMs) => {
      const rows = await directory.query(`update tenant_leases set held_until = $5 where ${LEASE} returning epoch`, [
        ...valuesOf(lease),
        new Date(now + leaseMs),
      ]);
      return rows.length > 0;
    },
    release: async (lease, dueAt) => {
      await directory.query(
        `update tenant_leases set holder = null, held_until = null, due_at = least(due_at, $5) where ${LEASE}`,
        [...valuesOf(lease), new Date(dueAt)],
      );
    },
  };
}

/** More organisations than a tenant has. */
const ALL = 1_000_000;

const LEASE = 'tenant_id = $1 and lane = $2 and organization_id = $3 and epoch = $4';

const valuesOf = ({ tenantId, lane, organizationId, epoch }: Lease): readonly unknown[] => [
  tenantId,
  lane,
  organizationId,
  epoch,
];

/** How a lane of a tenant stands. Times are epoch milliseconds. */
export interface LaneState {
  readonly lane: WorkLane;
  /** Whose work it is; null: the tenant's as a whole. */
  readonly organizationId: string | null;
  /** When its work is due; NEVER: once something wakes it. */
  readonly dueAt: number;
  /** The process that is at it. */
  readonly holder: string | null;
  readonly heldUntil: number | null;
}

export async function laneStates(directory: Queries, tenantId: string): Promise<readonly LaneState[]> {
  const rows = await directory.query<{
    lane: WorkLane;
    organization_id: string;
    due_at: number;
    holder: string | null;
    held_until: number | null;
  }>(
    `select lane, organization_id, due_at, holder, held_until from tenant_leases where tenant_id = $1
     order by lane, organization_id`,
    [tenantId],
  );
  return rows.map((row) => ({
    lane: row.lane,
    organizationId: row.organization_id === WHOLE_TENANT ? null : row.organization_id,
    dueAt: row.due_at,
    holder: row.holder,
    heldUntil: row.held_until,
  }));
}

/** Lanes that a transaction woke, and from when on they are due. */
export type Wakes = Map<WorkLane, number>;

/**
 * Wakes what a committed transaction noted. Not inside it: until the commit a worker could claim, look, find nothing and
 * give the lane back with nothing planned; and the row would stay locked for as long as the transaction takes.
 */
export async function wakeAfterCommit(directory: Queries, tenantId: string, wakes: Wakes): Promise<void> {
  if (wakes.size === 0) return;
  await directory.query(
    `update tenant_leases l set due_at = w.at from unnest($2::text[], $3::timestamptz[]) as w (lane, at)
     where l.tenant_id = $1 and l.lane = w.lane and l.due_at > w.at`,
    [tenantId, [...wakes.keys()], [...wakes.values()].map((at) => new Date(at))],
  );
}

export interface Waker {
  /**
   * Makes the lane's work due at `at` for these tenants. Resolves when it is, or was tried, with whether it was not
   * already. Never rejects.
   */
  wake(tenantIds: readonly string[], at: number): Promise<boolean>;
}

/** How long it rests after a round: at least, more for each tenant of it that was woken, and at most. */
const REST_MS = { least: 8, each: 1, most: 100 } as const;

/**
 * Wakes one lane of many tenants; what comes while it is at it, or rests from it, it does with the next statement. So a flood
 * costs the database a few rounds, and a single webhook waits for nothing.
 */
export function createWaker(directory: Queries, lane: WorkLane, clock: Clock): Waker {
  let coming: Map<string, number> | null = null;
  let last: Promise<boolean> = Promise.resolve(false);
  let rested: Promise<void> = Promise.resolve();
  const round = async (wakes: ReadonlyMap<string, number>): Promise<boolean> => {
    await rested;
    coming = null;
    // A lost wake is made up for by the lanes' regular look.
    const done = wakeTenants(directory, lane, wakes).catch(() => false);
    rested = done.then(() => clock.sleep(Math.min(REST_MS.most, REST_MS.least + REST_MS.each * wakes.size)));
    return done;
  };
  return {
    wake: (tenantIds, at) => {
      if (coming === null) {
        coming = new Map<string, number>();
        last = round(coming);
      }
      for (const tenantId of tenantIds) coming.set(tenantId, Math.min(at, coming.get(tenantId) ?? at));
      return last;
    },
  };
}

/** In one order by all: two that wake the same tenants do not block each other. */
async function wakeTenants(directory: Queries, lane: WorkLane, wakes: ReadonlyMap<string, number>): Promise<boolean> {
  const rows = await directory.query(
    `update tenant_leases l set due_at = w.at
     from (select l.tenant_id, l.lane, l.organization_id, w.at from tenant_leases l
           join unnest($2::uuid[], $3::timestamptz[]) as w (tenant_id, at) on l.tenant_id = w.tenant_id
           where l.lane = $1 and l.due_at > w.at order by l.tenant_id, l.organization_id
           for no key update of l) w
     where (l.tenant_id, l.lane, l.organization_id) = (w.tenant_id, w.lane, w.organization_id) returning l.tenant_id`,
    [lane, [...wakes.keys()], [...wakes.values()].map((at) => new Date(at))],
  );
  return rows.length > 0;
}

/** Notes in `wakes` what it wakes: the store does it after the commit. */
export function postgresLeaseTransaction(tx: TenantTransaction, wakes: Wakes): LeaseTransaction {
  return {
    fence: (lease) => fenceLease(tx, lease),
    wake: (lane, at) => void wakes.set(lane, Math.min(at, wakes.get(lane) ?? at)),
  };
}

/**
 * Rejects with `lease-lost` unless the lease still holds, and keeps others from taking it until the transaction ends.
 * Key share: keeps claims (for update) away, but neither wakes nor renewals, also while this process is paused.
 */
export async function fenceLease(tx: TenantTransaction, lease: Lease): Promise<void> {
  const rows = await tx.query(`select from tenant_leases where ${LEASE} for key share`, valuesOf(lease));
  if (rows.length === 0) throw raise('lease-lost', `another process took over ${lease.lane}`);
}
