/** A strand of work that one process at a time does for one tenant, or for one organisation of it. */
export const WORK_LANES = ['deliver', 'hydrate', 'pull', 'guard', 'figures'] as const;
export type WorkLane = (typeof WORK_LANES)[number];

/** Lanes that ask MaintainX: their work is done for each of a tenant's organisations by itself. */
export const ORGANIZATION_LANES: readonly WorkLane[] = ['hydrate', 'pull', 'guard'];
/** Lanes whose work is the tenant's as a whole. */
export const TENANT_LANES: readonly WorkLane[] = ['deliver', 'figures'];

/** In place of an organisation where the work is the tenant's as a whole. */
export const WHOLE_TENANT = '';

/** The right to do one lane's work for one tenant or organisation, until it is renewed no more. */
export interface Lease {
  readonly tenantId: string;
  /** Or WHOLE_TENANT. */
  readonly organizationId: string;
  readonly lane: WorkLane;
  /** Grows with every claim: a holder with an older epoch has lost the lease, whatever it believes. */
  readonly epoch: number;
}

/** What the engine asks of leases outside any tenant's transaction. Times are epoch milliseconds. */
export interface LeaseStatements {
  /**
   * The lane's work that has been due longest and that nobody holds, of any tenant or of the named one. Nothing of a tenant for so many
   * of whose organisations the lane is at work as were chosen for it, else `mostOfOne` (default: all).
   */
  claim(
    lane: WorkLane,
    holder: string,
    now: number,
    leaseMs: number,
    tenantId: string | null,
    mostOfOne?: number,
  ): Promise<Lease | undefined>;
  /** Holds the lease longer; false: it is lost. */
  renew(lease: Lease, now: number, leaseMs: number): Promise<boolean>;
  /** Gives the lease back; the work is due again at `dueAt` or, if something woke it meanwhile, earlier. */
  release(lease: Lease, dueAt: number): Promise<void>;
}

/** What the engine asks of leases inside one tenant's transaction. */
export interface LeaseTransaction {
  /** Rejects with `lease-lost` unless the lease still holds; keeps others from taking it until the transaction ends. */
  fence(lease: Lease): Promise<void>;
  /** Makes the lane's work due at `at` at the latest, for all organisations, once the transaction is committed. */
  wake(lane: WorkLane, at: number): void;
}

/** When nothing is planned, work is due at the end of time: something wakes it. */
export const NEVER = Date.UTC(9999, 0, 1);
