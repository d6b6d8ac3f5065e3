import type { Json } from '../../base/json.ts';
import type { Aspect, PlacedChange, Severity } from './differences.ts';

/** Gravest first. */
export const SEVERITIES: readonly Severity[] = ['breaking', 'new', 'note'];

/** How much a change matters. What we send must still be taken; what we receive must still be what the types say. */
export function severityOf(change: PlacedChange): Severity {
  const { parameter, body, status, event } = change.place;
  if (parameter !== undefined || body === true) return whenSent(change);
  if (event !== undefined) return whenReceived(change);
  if (status !== undefined) return change.aspect === 'answer' ? answerSeverity(status) : whenReceived(change);
  if (change.aspect === 'operation') return change.verb === 'added' ? 'new' : 'breaking';
  // A key is needed where none was. A path whose parameters are called otherwise is the same path.
  return change.aspect === 'open' && change.after !== true ? 'breaking' : 'note';
}

/** Another refusal is a refusal; another success is one that the types do not know. */
const answerSeverity = (status: string): Severity => (/^[23]/.test(status) ? 'breaking' : 'note');

type Judge = (before: Json | undefined, after: Json | undefined) => Severity;

const note: Judge = () => 'note';
const breaksIf =
  (isBad: (before: Json | undefined, after: Json | undefined) => boolean, otherwise: Severity): Judge =>
  (before, after) =>
    isBad(before, after) ? 'breaking' : otherwise;

const isBelow = (low: Json | undefined, high: Json | undefined): boolean =>
  typeof low === 'number' && typeof high === 'number' && low < high;

const byTurningOn = breaksIf((_, after) => after === true, 'new');
const byAppearing = breaksIf((_, after) => after !== undefined, 'new');
const byRising = breaksIf((before, after) => after !== undefined && !isBelow(after, before), 'new');
const byFalling = breaksIf((before, after) => after !== undefined && !isBelow(before, after), 'new');

/** Keywords that change in a parameter or the body of a request: stricter is breaking, looser is new. */
const SENT: Partial<Record<Aspect, Judge>> = {
  deprecated: note,
  default: note,
  nullable: breaksIf((_, after) => after !== true, 'new'),
  required: byTurningOn,
  readOnly: byTurningOn,
  uniqueItems: byTurningOn,
  enum: byAppearing,
  pattern: byAppearing,
  minimum: byRising,
  minLength: byRising,
  minItems: byRising,
  maximum: byFalling,
  maxLength: byFalling,
  maxItems: byFalling,
  additionalProperties: breaksIf((before) => before !== false, 'new'),
};

function whenSent({ verb, aspect, before, after, mandatory }: PlacedChange): Severity {
  if (aspect === 'items') return verb === 'added' ? 'breaking' : 'new';
  if (verb === 'added') return mandatory === true ? 'breaking' : 'new';
  if (verb === 'removed') return 'breaking';
  return SENT[aspect]?.(before, after) ?? 'breaking';
}

const BREAKING: Judge = () => 'breaking';

/** Keywords that change in an answer or a webhook: what may now come that could not before is breaking. */
const RECEIVED: Partial<Record<Aspect, Judge>> = {
  enum: breaksIf((_, after) => after === undefined, 'note'),
  nullable: breaksIf((_, after) => after === true, 'note'),
  required: breaksIf((_, after) => after !== true, 'note'),
  type: BREAKING,
  format: BREAKING,
  oneOf: BREAKING,
  anyOf: BREAKING,
  allOf: BREAKING,
};

function whenReceived({ verb, aspect, before, after }: PlacedChange): Severity {
  if (aspect === 'items') return 'breaking';
  if (aspect === 'enum value' || aspect === 'variant') return verb === 'added' ? 'breaking' : 'note';
  // An event, a field, JSON where there was none.
  if (verb !== 'changed') return verb === 'added' ? 'new' : 'breaking';
  return RECEIVED[aspect]?.(before, after) ?? 'note';
}
