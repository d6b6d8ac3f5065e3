export { memoryStore, type MemoryStore } from './memory.ts';
export { postgresStore } from './postgres.ts';
