import { raise } from '../errors.ts';
import { NEVER, type Lease, type LeaseStatements, type LeaseTransaction, type WorkLane } from './lease.ts';

interface LeaseRow {
  readonly tenantId: string;
  readonly lane: WorkLane;
  readonly dueAt: number;
  readonly heldUntil: number | null;
  readonly epoch: number;
}

/** All tenants' leases in memory. */
export interface MemoryLeases {
  /** By `<tenant> <lane>`. */
  readonly rows: Map<string, LeaseRow>;
  /** Rows that a transaction has locked, and when it ends. */
  readonly locks: Map<string, Promise<void>>;
}

export const emptyMemoryLeases = (): MemoryLeases => ({ rows: new Map(), locks: new Map() });

const keyOf = (tenantId: string, lane: WorkLane): string => `${tenantId} ${lane}`;

export function admitLeases({ rows }: MemoryLeases, tenantId: string, lanes: readonly WorkLane[], now: number): void {
  for (const lane of lanes) rows.set(keyOf(tenantId, lane), { tenantId, lane, dueAt: now, heldUntil: null, epoch: 0 });
}

/** Claims pass over locked rows; renewals and releases wait for them, as under PostgreSQL. */
export function memoryLeases({ rows, locks }: MemoryLeases): LeaseStatements {
  /** Looks and writes in one step: nobody may claim in between. */
  const changed = async (lease: Lease, change: (row: LeaseRow) => LeaseRow): Promise<boolean> => {
    const key = keyOf(lease.tenantId, lease.lane);
    await locks.get(key);
    const row = rows.get(key);
    if (row?.epoch !== lease.epoch) return false;
    rows.set(key, change(row));
    return true;
  };
  return {
    claim: (lane, _holder, now, leaseMs, tenantId) => {
      const due = [...rows.values()]
        .filter((row) => row.lane === lane && (tenantId === null || row.tenantId === tenantId))
        .filter((row) => dueAt(row) <= now && !locks.has(keyOf(row.tenantId, lane)))
        .sort((left, right) => dueAt(left) - dueAt(right))[0];
      if (due === undefined) return Promise.resolve(undefined);
      const epoch = due.epoch + 1;
      rows.set(keyOf(due.tenantId, lane), { ...due, dueAt: NEVER, heldUntil: now + leaseMs, epoch });
      return Promise.resolve({ tenantId: due.tenantId, lane, epoch });
    },
    renew: (lease, now, leaseMs) => changed(lease, (row) => ({ ...row, heldUntil: now + leaseMs })),
    release: async (lease, due) => {
      await changed(lease, (row) => ({ ...row, heldUntil: null, dueAt: Math.min(row.dueAt, due) }));
    },
  };
}

/** When the row may be claimed: a lease that ran out is due, since its holder died. */
const dueAt = (row: LeaseRow): number => (row.heldUntil === null ? row.dueAt : row.heldUntil + 1);

/**
 * `ended` resolves when the transaction ends: what it fenced cannot be claimed until then. What it wakes is noted in
 * `wakes`, for `wakeMemoryLanes` after the commit.
 */
export function memoryLeaseTransaction(
  { rows, locks }: MemoryLeases,
  wakes: Map<WorkLane, number>,
  ended: Promise<void>,
): LeaseTransaction {
  return {
    fence: (lease) => {
      const key = keyOf(lease.tenantId, lease.lane);
      if (rows.get(key)?.epoch !== lease.epoch)
        return Promise.reject(raise('lease-lost', `another process took over ${lease.lane}`));
      locks.set(key, ended);
      void ended.then(() => locks.delete(key));
      return Promise.resolve();
    },
    wake: (lane, at) => void wakes.set(lane, Math.min(at, wakes.get(lane) ?? at)),
  };
}

export function wakeMemoryLanes({ rows }: MemoryLeases, tenantId: string, wakes: ReadonlyMap<WorkLane, number>): void {
  for (const [lane, at] of wakes) {
    const row = rows.get(keyOf(tenantId, lane));
    if (row !== undefined && row.dueAt > at) rows.set(keyOf(tenantId, lane), { ...row, dueAt: at });
  }
}
