import { canonicalJson } from '../base/canonical-json.ts';
import { isObject, objectOf, parseStored, type Json, type JsonObject } from '../base/json.ts';
import type { StoredEvent } from '../log/index.ts';

/** What stands in the place of a value that was redacted. */
export const REDACTED = '[redacted]';

/** An event as it is to be from now on. */
export interface RedactedEvent {
  readonly seq: number;
  readonly data: string;
}

/**
 * The events of one record, in order, without the values that a field had. `keepsLast`: the one that it has now stays, for the
 * record has it. Only events that become others are answered. Pure.
 */
export function redactedEvents(
  events: readonly StoredEvent[],
  field: string,
  keepsLast: boolean,
): readonly RedactedEvent[] {
  const last = keepsLast ? events.findLast((event) => event.family === 'state' && sets(event, field))?.seq : undefined;
  return events.flatMap((event) => {
    const before = parseStored(event.data);
    const after =
      event.family === 'fact' ? withoutField(before, field) : stateWithout(before, field, event.seq === last);
    const data = canonicalJson(after);
    return data === canonicalJson(before) ? [] : [{ seq: event.seq, data }];
  });
}

const sets = ({ data }: StoredEvent, field: string): boolean => {
  const { record, changes } = objectOf(parseStored(data));
  return Object.hasOwn(objectOf(record), field) || Object.hasOwn(objectOf(changes), field);
};

function stateWithout(data: Json, field: string, isLast: boolean): Json {
  const { record, changes, ...rest } = objectOf(data);
  return {
    ...rest,
    ...(record === undefined ? {} : { record: isLast ? record : replaced(objectOf(record), field, redacted) }),
    ...(changes === undefined
      ? {}
      : { changes: replaced(objectOf(changes), field, (change) => changeWithout(change, isLast)) }),
  };
}

function changeWithout(change: Json, isLast: boolean): Json {
  const { before, after, ...rest } = objectOf(change);
  return {
    ...rest,
    ...(before === undefined ? {} : { before: redacted(before) }),
    ...(after === undefined ? {} : { after: isLast ? after : redacted(after) }),
  };
}

/** Nothing is nothing that could be told. */
const redacted = (value: Json): Json => (value === null ? null : REDACTED);

const replaced = (object: JsonObject, field: string, by: (value: Json) => Json): JsonObject => {
  const value = object[field];
  return value === undefined ? object : { ...object, [field]: by(value) };
};

/** A webhook may tell it anywhere: of before and after, or of another record that it names. */
function withoutField(value: Json, field: string): Json {
  if (Array.isArray(value)) return value.map((one: Json) => withoutField(one, field));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, name === field ? redacted(each) : withoutField(each, field)]),
  );
}
