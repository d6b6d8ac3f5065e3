export { compareKind, idOf, type Copy, type Difference } from './compare.ts';
export { memoryRecords, type MemoryRecords } from './memory.ts';
export { normalize, timeOf } from './normalize.ts';
export { observe, type ObserveContext, type Observed, type Outcome, type Want } from './observe.ts';
export { postgresRecords } from './postgres.ts';
export {
  keyText,
  type HeldRecord,
  type Observation,
  type ReadSource,
  type ReadTime,
  type RecordKey,
} from './record.ts';
export { evolve, fold, type Folded } from './state-event.ts';
export type { KindCount, RecordStatements } from './statements.ts';
