export type { Collection } from './collection.ts';
export { COLLECTIONS, type CollectionName } from './collections.ts';
export { eventShape, type EventShape } from './event-shape.ts';
export { HOOK_EVENTS, isHookEvent, type EventEntry, type HookEvent } from './events.ts';
export { comparedFields, detailFields, isCompared, keptName, listTellsTime, ruleOf } from './fields.ts';
export { LIMITS, type Limit } from './limits.ts';
export type { FieldRule, Kind, KindEntry } from './kind.ts';
export { isKind, kindEntry, KINDS } from './kinds.ts';
export {
  goodAnswer,
  resolved,
  type Creates,
  type Resource,
  type Rows,
  type Singles,
  type Updates,
} from './resources.ts';
export { SPECIFICATION } from '../generated/specification.ts';
export type { Events, Operations } from '../generated/types.ts';
export { TRAPS, type Trap } from './traps.ts';
export { UNITS, type Unit, type UnitEntry } from './units.ts';
