export { memoryStore } from './memory.ts';
export { postgresStore } from './postgres.ts';
