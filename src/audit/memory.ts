import type { Undo } from '../base/undo.ts';
import { nextEntry, type AuditEntry } from './entry.ts';
import type { AuditStatements } from './statements.ts';

export type MemoryAudit = AuditEntry[];

/** The twin in memory of a tenant's chain. */
export const memoryAudit = (tenantId: string, chain: MemoryAudit, undo: Undo): AuditStatements => ({
  note: (deed, at) => {
    chain.push(nextEntry(chain.at(-1), tenantId, deed, at));
    undo.push(() => void chain.pop());
    return Promise.resolve();
  },
  after: (seq, limit) => Promise.resolve(chain.slice(seq, seq + limit)),
});
