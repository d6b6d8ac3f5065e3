import type { AuditEntry, Deed } from './entry.ts';

/** What others ask of the audit inside one tenant's transaction. */
export interface AuditStatements {
  /** Adds a deed to the end of the tenant's chain. Takes the chain's lock until the transaction ends: call it last. */
  note(deed: Deed, at: number): Promise<void>;
  /** Entries after `seq`, at most `limit`, oldest first. */
  after(seq: number, limit: number): Promise<readonly AuditEntry[]>;
}
