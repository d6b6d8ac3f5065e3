export type { Collection } from './collection.ts';
export { COLLECTIONS } from './collections.ts';
export { eventShape } from './event-shape.ts';
export { HOOK_EVENT_NAMES, HOOK_EVENTS, isHookEvent, type EventEntry, type HookEvent } from './events.ts';
export { comparedFields, detailFields, isCompared, keptName, listTellsTime, ruleOf } from './fields.ts';
export { LIMITS, type Limit } from './limits.ts';
export { CORE_KINDS } from './core-kinds.ts';
export type {
  CoreEntry,
  CoreKind,
  FieldRule,
  Kind,
  KindEntry,
  ListedEntry,
  ListedKind,
  NestedEntry,
  NestedKind,
  Nesting,
  SingleKind,
} from './kind.ts';
export { SECTION_FIELD } from './further-kinds.ts';
export { coreEntry, isCoreKind, isKind, isListedKind, isSingleKind, kindEntry, KINDS, LISTED_KINDS } from './kinds.ts';
export {
  goodAnswer,
  resolved,
  type Creates,
  type NestedRows,
  type Rows,
  type Singles,
  type Updates,
} from './resources.ts';
export { SPECIFICATION } from '../generated/specification.ts';
export type { Events, Operations } from '../generated/types.ts';
export { TRAPS } from './traps.ts';
export { UNITS } from './units.ts';
