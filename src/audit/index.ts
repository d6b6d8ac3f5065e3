export { entriesAfter, note, verifyChain } from './audit.ts';
export type { Actor, AuditEntry } from './entry.ts';
