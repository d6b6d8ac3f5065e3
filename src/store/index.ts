export { memoryStore } from './memory.ts';
export { postgresStore, transactWhole } from './postgres.ts';
