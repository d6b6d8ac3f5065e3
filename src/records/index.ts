export { compareKind, idOf, type Copy, type Difference } from './compare.ts';
export type { Why } from './judge.ts';
export { memoryRecords, type MemoryRecords } from './memory.ts';
export { isEmpty, timeOf } from './normalize.ts';
export { observe, type Outcome } from './observe.ts';
export { postgresRecords } from './postgres.ts';
export { isRecordId, keyText, type HeldRecord, type Observation, type ReadTime, type RecordKey } from './record.ts';
export { evolve, fold, type Folded } from './state-event.ts';
export type { KindCount, RecordStatements } from './statements.ts';
