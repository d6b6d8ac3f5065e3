export { entriesAfter, note, postgresAudit, verifyChain } from './audit.ts';
export type { Actor, AuditEntry, Deed } from './entry.ts';
export { memoryAudit, type MemoryAudit } from './memory.ts';
export type { AuditStatements } from './statements.ts';
