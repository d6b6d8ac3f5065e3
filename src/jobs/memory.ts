import { raise } from '../errors.ts';
import type { Undo } from '../base/undo.ts';
import { NEVER, type Lease, type LeaseStatements, type LeaseTransaction, type WorkLane } from './lease.ts';

interface LeaseRow {
  readonly tenantId: string;
  readonly lane: WorkLane;
  readonly dueAt: number;
  readonly heldUntil: number | null;
  readonly epoch: number;
}

/** All tenants' leases in memory, by `<tenant> <lane>`. */
export type MemoryLeases = Map<string, LeaseRow>;

const keyOf = (tenantId: string, lane: WorkLane): string => `${tenantId} ${lane}`;

export function admitLeases(leases: MemoryLeases, tenantId: string, lanes: readonly WorkLane[], now: number): void {
  for (const lane of lanes)
    leases.set(keyOf(tenantId, lane), { tenantId, lane, dueAt: now, heldUntil: null, epoch: 0 });
}

export function memoryLeases(leases: MemoryLeases): LeaseStatements {
  const own = (lease: Lease): LeaseRow | undefined => {
    const row = leases.get(keyOf(lease.tenantId, lease.lane));
    return row?.epoch === lease.epoch ? row : undefined;
  };
  return {
    claim: (lane, _holder, now, leaseMs, tenantId) => {
      const due = [...leases.values()]
        .filter((row) => tenantId === null || row.tenantId === tenantId)
        .filter((row) => row.lane === lane && row.dueAt <= now && (row.heldUntil === null || row.heldUntil < now))
        .sort((left, right) => left.dueAt - right.dueAt)[0];
      if (due === undefined) return Promise.resolve(undefined);
      const epoch = due.epoch + 1;
      leases.set(keyOf(due.tenantId, lane), { ...due, dueAt: NEVER, heldUntil: now + leaseMs, epoch });
      return Promise.resolve({ tenantId: due.tenantId, lane, epoch });
    },
    renew: (lease, now, leaseMs) => {
      const row = own(lease);
      if (row !== undefined) leases.set(keyOf(row.tenantId, row.lane), { ...row, heldUntil: now + leaseMs });
      return Promise.resolve(row !== undefined);
    },
    release: (lease, dueAt) => {
      const row = own(lease);
      if (row !== undefined)
        leases.set(keyOf(row.tenantId, row.lane), { ...row, heldUntil: null, dueAt: Math.min(row.dueAt, dueAt) });
      return Promise.resolve();
    },
  };
}

export function memoryLeaseTransaction(leases: MemoryLeases, tenantId: string, undo: Undo): LeaseTransaction {
  return {
    fence: (lease) =>
      leases.get(keyOf(lease.tenantId, lease.lane))?.epoch === lease.epoch
        ? Promise.resolve()
        : Promise.reject(raise('lease-lost', `another process took over ${lease.lane}`)),
    wake: (lane, at) => {
      const row = leases.get(keyOf(tenantId, lane));
      if (row !== undefined && row.dueAt > at) undo.set(leases, keyOf(tenantId, lane), { ...row, dueAt: at });
      return Promise.resolve();
    },
  };
}
