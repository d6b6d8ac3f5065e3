import { raise } from '../errors.ts';
import type { TenantTransaction } from '../postgres/index.ts';
import { hashAfter, nextEntry, START, type AuditEntry, type Deed } from './entry.ts';
import type { AuditStatements } from './statements.ts';

/** Adds a deed to the chain of the transaction's tenant: it is there if and only if the deed is. */
export async function note(tx: TenantTransaction, deed: Deed, at: number): Promise<void> {
  // One at a time per chain, until the commit.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('audit ' || $1, 0))`, [tx.tenantId]);
  const entry = nextEntry(await headOf(tx), tx.tenantId, deed, at);
  await tx.query(
    `insert into audit (tenant_id, seq, at, actor, origin, action, target, before_hash, after_hash, hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      tx.tenantId,
      entry.seq,
      new Date(at),
      entry.actor,
      entry.origin,
      entry.action,
      entry.target,
      entry.beforeHash,
      entry.afterHash,
      entry.hash,
    ],
  );
}

export const postgresAudit = (tx: TenantTransaction): AuditStatements => ({
  note: (deed, at) => note(tx, deed, at),
  after: (seq, limit) => entriesAfter(tx, seq, limit),
});

/** The end of a chain: whoever keeps it elsewhere can tell later that nothing before it was changed or taken away. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: Buffer;
}

/** The last entry's place and hash; undefined: the chain is empty. */
async function headOf(tx: TenantTransaction): Promise<AuditHead | undefined> {
  const [row] = await tx.query<AuditHead>(
    'select seq, hash from audit where tenant_id = $1 order by seq desc limit 1',
    [tx.tenantId],
  );
  return row;
}

interface AuditRow {
  seq: number;
  at: number;
  actor: string;
  origin: string;
  action: string;
  target: string;
  before_hash: Buffer | null;
  after_hash: Buffer | null;
  hash: Buffer;
}

/** Entries after `after`, oldest first. */
export async function entriesAfter(
  tx: TenantTransaction,
  after: number,
  limit: number,
): Promise<readonly AuditEntry[]> {
  const rows = await tx.query<AuditRow>(
    `select seq, at, actor, origin, action, target, before_hash, after_hash, hash from audit
     where tenant_id = $1 and seq > $2 order by seq limit $3`,
    [tx.tenantId, after, limit],
  );
  return rows.map(({ before_hash: beforeHash, after_hash: afterHash, ...row }) => ({ ...row, beforeHash, afterHash }));
}

const PAGE = 1_000;

/**
 * Follows the chain from its start. Answers its end. Throws `audit-broken` at the first entry that is not what it was, or that
 * is missing; of those after the last one the chain itself cannot know: compare its end with one that was kept elsewhere.
 */
export async function verifyChain(tx: TenantTransaction): Promise<AuditHead> {
  let head: AuditHead = { seq: 0, hash: START };
  for (;;) {
    const entries = await entriesAfter(tx, head.seq, PAGE);
    for (const entry of entries) head = follow(tx.tenantId, head, entry);
    if (entries.length < PAGE) return head;
  }
}

function follow(tenantId: string, head: AuditHead, entry: AuditEntry): AuditHead {
  if (entry.seq !== head.seq + 1) throw raise('audit-broken', `entry ${head.seq + 1} of the audit is missing`);
  if (!hashAfter(head.hash, tenantId, entry).equals(entry.hash))
    throw raise('audit-broken', `entry ${entry.seq} of the audit is not what was written`);
  return { seq: entry.seq, hash: entry.hash };
}
