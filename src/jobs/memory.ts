import { raise } from '../errors.ts';
import { NEVER, type Lease, type LeaseStatements, type LeaseTransaction, type WorkLane } from './lease.ts';

interface LeaseRow {
  readonly tenantId: string;
  readonly organizationId: string;
  readonly lane: WorkLane;
  readonly dueAt: number;
  readonly heldUntil: number | null;
  readonly epoch: number;
}

/** All tenants' leases in memory. */
export interface MemoryLeases {
  /** By `<tenant> <lane> <organisation>`. */
  readonly rows: Map<string, LeaseRow>;
  /** Rows that a transaction has locked, and when it ends. */
  readonly locks: Map<string, Promise<void>>;
}

export const emptyMemoryLeases = (): MemoryLeases => ({ rows: new Map(), locks: new Map() });

const keyOf = ({ tenantId, lane, organizationId }: Pick<Lease, 'tenantId' | 'lane' | 'organizationId'>): string =>
  `${tenantId} ${lane} ${organizationId}`;

/** Makes these lanes, of the tenant as a whole or of one of its organisations. */
export function admitLeases(
  { rows }: MemoryLeases,
  of: Pick<Lease, 'tenantId' | 'organizationId'>,
  lanes: readonly WorkLane[],
  now: number,
): void {
  for (const lane of lanes) {
    const row = { ...of, lane, dueAt: now, heldUntil: null, epoch: 0 };
    rows.set(keyOf(row), row);
  }
}

/** Claims pass over locked rows; renewals and releases wait for them, as under PostgreSQL. */
export function memoryLeases({ rows, locks }: MemoryLeases): LeaseStatements {
  /** Looks and writes in one step: nobody may claim in between. */
  const changed = async (lease: Lease, change: (row: LeaseRow) => LeaseRow): Promise<boolean> => {
    const key = keyOf(lease);
    await locks.get(key);
    const row = rows.get(key);
    if (row?.epoch !== lease.epoch) return false;
    rows.set(key, change(row));
    return true;
  };
  return {
    claim: (lane, _holder, now, leaseMs, tenantId, mostOfOne = Infinity) => {
      const held = (of: string): number =>
        [...rows.values()].filter((row) => row.lane === lane && row.tenantId === of && (row.heldUntil ?? -1) >= now)
          .length;
      const due = [...rows.values()]
        .filter((row) => row.lane === lane && (tenantId === null || row.tenantId === tenantId))
        .filter((row) => dueAt(row) <= now && !locks.has(keyOf(row)) && held(row.tenantId) < mostOfOne)
        .sort((left, right) => dueAt(left) - dueAt(right))[0];
      if (due === undefined) return Promise.resolve(undefined);
      const epoch = due.epoch + 1;
      rows.set(keyOf(due), { ...due, dueAt: NEVER, heldUntil: now + leaseMs, epoch });
      return Promise.resolve({ tenantId: due.tenantId, organizationId: due.organizationId, lane, epoch });
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
      const key = keyOf(lease);
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
  for (const row of rows.values()) {
    const at = row.tenantId === tenantId ? wakes.get(row.lane) : undefined;
    if (at !== undefined && row.dueAt > at) rows.set(keyOf(row), { ...row, dueAt: at });
  }
}
