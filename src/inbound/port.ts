import type { AuditStatements } from '../audit/index.ts';
import { allOver } from '../base/all-over.ts';
import type { Lease, LeaseStatements, LeaseTransaction } from '../jobs/index.ts';
import type { AddressedDelivery } from './delivery.ts';
import type { FileStatements } from '../files/index.ts';
import type { LogStatements } from '../log/index.ts';
import type { RecordStatements } from '../records/index.ts';
import type {
  AccessStatements,
  CursorStatements,
  DeliveryStatements,
  HydrationStatements,
  RunStatements,
  SettingsStatements,
} from './statements.ts';

/** One transaction of one tenant. Lock order: records, deliveries, hydrations, files, log, audit. */
export interface InboundTransaction {
  /** As the store's, drawn inside the transaction: after everything that it has read so far. */
  readonly nextTicket: () => Promise<number>;
  readonly leases: LeaseTransaction;
  readonly records: RecordStatements;
  readonly deliveries: DeliveryStatements;
  readonly hydrations: HydrationStatements;
  readonly cursors: CursorStatements;
  readonly runs: RunStatements;
  readonly settings: SettingsStatements;
  readonly access: AccessStatements;
  readonly files: FileStatements;
  readonly log: LogStatements;
  readonly audit: AuditStatements;
}

/** The store as the inbound engine needs it: PostgreSQL or its twin in memory, held to one conformance suite. */
export interface InboundStore {
  readonly leases: LeaseStatements;
  /**
   * Runs `work` in one transaction of the tenant: all of it happens or nothing. `work` may be run again after a
   * conflict, so it must change nothing but the store.
   */
  transact<Result>(tenantId: string, work: (tx: InboundTransaction) => Promise<Result>): Promise<Result>;
  /**
   * Stores deliveries, all or none, of any tenants; each waits to be looked at, also when its body came before.
   * Their lanes are woken a moment later, at `woken`: true when one of them was not awake.
   */
  accept(deliveries: readonly AddressedDelivery[]): Promise<{ readonly woken: Promise<boolean> }>;
  /** A number larger than all before, over all processes: orders reads. */
  nextTicket(): Promise<number>;
}

/** `transact` that rejects with `lease-lost` when the lease is gone. */
export function transactUnder<Result>(
  store: InboundStore,
  lease: Lease,
  work: (tx: InboundTransaction) => Promise<Result>,
): Promise<Result> {
  return store.transact(lease.tenantId, async (tx) => {
    // The fence is the first statement, and the work's need not wait for its answer: without it nothing is committed.
    const [, result] = await allOver([tx.leases.fence(lease), work(tx)]);
    return result;
  });
}
