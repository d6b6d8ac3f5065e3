import type { Kind } from '../maintainx/index.ts';
import type { HeldRecord, RecordKey } from './record.ts';

/** What the engine asks of the records inside one tenant's transaction. */
export interface RecordStatements {
  /** What we hold of these records, locked until the transaction ends. By `keyText`. */
  lock(keys: readonly RecordKey[]): Promise<ReadonlyMap<string, HeldRecord>>;
  /** Stores new and changed records. */
  write(records: readonly HeldRecord[]): Promise<void>;
  /** In key order, at most `limit`, after `after`. */
  page(after: RecordKey | null, limit: number): Promise<readonly HeldRecord[]>;
  /** Whether we hold the record and no tombstone of it; without a lock. */
  isLiving(key: RecordKey): Promise<boolean>;
  /** Which of these we hold without a tombstone, by `keyText`; without a lock. */
  living(keys: readonly RecordKey[]): Promise<ReadonlySet<string>>;
  /** How many living records of a kind there are. */
  livingCount(organizationId: string, kind: Kind): Promise<number>;
  /** Living records of a kind whose last single GET was before `readBefore` or never, longest ago first. */
  longUnread(organizationId: string, kind: Kind, readBefore: number, limit: number): Promise<readonly string[]>;
  /** Living and deleted records per kind. */
  counts(organizationId: string | null): Promise<readonly KindCount[]>;
}

export interface KindCount {
  readonly kind: Kind;
  readonly living: number;
  readonly deleted: number;
}
