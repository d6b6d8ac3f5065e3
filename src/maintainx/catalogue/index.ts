export { HOOK_EVENTS, isHookEvent, type EventEntry, type HookEvent } from './events.ts';
export { comparedFields, detailFields, isCompared, keptName, listTellsTime, ruleOf } from './fields.ts';
export type { Embedded, FieldRule, Kind, KindEntry, Source } from './kind.ts';
export { isKind, kindEntry, KINDS } from './kinds.ts';
