import { isObject, type Json } from '../../src/base/json.ts';

export type Keys = readonly (string | number)[];

/** The value at `keys`; undefined: there is none. */
export function valueAt(value: Json | undefined, keys: Keys): Json | undefined {
  let found = value;
  for (const key of keys) {
    if (isList(found)) found = found[Number(key)];
    else found = isObject(found) ? found[String(key)] : undefined;
  }
  return found;
}

/** The document with another value at `keys`, undefined: with none. What is not on the way stays the same object. */
export function edited(
  value: Json | undefined,
  keys: Keys,
  change: (value: Json | undefined) => Json | undefined,
): Json {
  const [key, ...rest] = keys;
  if (key === undefined) return change(value) ?? {};
  const inner = rest.length > 0 ? edited(valueAt(value, [key]), rest, change) : change(valueAt(value, [key]));
  if (isList(value)) {
    const copy = [...value];
    if (inner === undefined) copy.splice(Number(key), 1);
    else copy[Number(key)] = inner;
    return copy;
  }
  const entries = Object.entries(isObject(value) ? value : {}).filter(([name]) => name !== String(key));
  return Object.fromEntries(inner === undefined ? entries : [...entries, [String(key), inner]]);
}

/** The list inside `value`, or an empty one. */
export const listOf = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
