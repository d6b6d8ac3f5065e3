import { canonicalJson } from '../base/canonical-json.ts';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import {
  isCompared,
  kindEntry,
  keptName,
  ruleOf,
  type FieldRule,
  type Kind,
  type KindEntry,
} from '../maintainx/index.ts';
import type { ReadSource } from './record.ts';

/** An answer of MaintainX brought into the form in which records are compared and kept. */
export interface Normalized {
  /** Every compared field that the source speaks for; what it omits is null. */
  readonly state: JsonObject;
  /** Derived fields, and fields that the catalogue does not know. */
  readonly kept: JsonObject;
  /** Epoch milliseconds of the source's `updatedAt`, if it told one. */
  readonly updatedAt: number | null;
}

/** Reads `raw` as what `source` says of a record of `kind`. Never throws, whatever MaintainX sent. */
export function normalize(kind: Kind, source: ReadSource, raw: JsonObject): Normalized {
  const entry = kindEntry(kind);
  const state: Record<string, Json> = {};
  const kept: Record<string, Json> = {};
  const carried = new Set(entry[source].fields);
  for (const field of carried) {
    const rule = ruleOf(entry, field);
    if (isCompared(rule)) state[keptName(entry, field)] = compared(rule, raw[field]);
  }
  for (const [field, value] of Object.entries(raw)) {
    const rule = ruleOf(entry, field);
    if (rule === 'derived' || (!carried.has(field) && !isKnown(entry, field))) kept[field] = value;
  }
  return { state, kept, updatedAt: timeOf(raw['updatedAt']) };
}

/** The end of the year 9999: what lies beyond it, or before 1970, is no time that a database gives back. */
const END_OF_TIME = Date.UTC(10_000, 0, 1);

/** Epoch milliseconds of an ISO time, or null. */
export function timeOf(value: Json | undefined): number | null {
  if (typeof value !== 'string') return null;
  const time = Date.parse(value);
  return time >= 0 && time < END_OF_TIME ? time : null;
}

/** Whether two values of a compared field mean the same: none, no elements and no members are one. */
export const sameValue = (left: Json | undefined, right: Json | undefined): boolean =>
  (isEmpty(left) && isEmpty(right)) || canonicalJson(left) === canonicalJson(right);

export function isEmpty(value: Json | undefined): boolean {
  if (value === null || value === undefined) return true;
  if (isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

const isKnown = (entry: KindEntry, field: string): boolean =>
  entry.list.fields.includes(field) || entry.get.fields.includes(field) || Object.hasOwn(entry.fields, field);

function compared(rule: FieldRule, value: Json | undefined): Json {
  if (value === null || value === undefined) return null;
  if (typeof rule === 'object') return reduced(value, rule.keep, rule.as !== undefined);
  if (rule === 'set') return isArray(value) ? sorted(value) : value;
  if (rule === 'link') return withoutSignatures(value);
  if (rule === 'link-set') return compared('set', withoutSignatures(value));
  return value;
}

/** An embedded record or list of them, reduced to the kept keys; with `bare` to the value of the first. */
function reduced(value: Json, keep: readonly string[], bare: boolean): Json {
  if (isArray(value)) return sorted(value.map((one) => reduced(one, keep, bare)));
  if (!isObject(value)) return value;
  if (bare) return value[keep[0] ?? 'id'] ?? null;
  return Object.fromEntries(keep.map((key) => [key, value[key] ?? null]));
}

/** Links are signed anew at every read: host, query and signature say nothing, the path does. */
function withoutSignatures(value: Json): Json {
  if (isArray(value)) return value.map(withoutSignatures);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutSignatures(member)]));
  return typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value)
    ? new URL(value).pathname
    : value;
}

const sorted = (values: readonly Json[]): Json =>
  values
    .map((value) => [canonicalJson(value), value] as const)
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([, value]) => value);

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);
