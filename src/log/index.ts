export { recordStream, type NewEvent, type StoredEvent } from './event.ts';
export { emptyMemoryLog, memoryLog, type MemoryLog } from './memory.ts';
export { postgresLog } from './postgres.ts';
export { readStream } from './read-stream.ts';
export { redactEvent } from './redact.ts';
export { factKeyText, type LogStatements } from './statements.ts';
