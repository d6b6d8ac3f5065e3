import { canonicalJson } from '../../base/canonical-json.ts';
import { objectOf, type Json, type JsonObject } from '../../base/json.ts';
import { listOf } from './list.ts';

/** Which variants of a `oneOf` are the same one on both sides. */
export interface Pairing {
  readonly pairs: readonly (readonly [JsonObject, JsonObject])[];
  readonly removed: readonly JsonObject[];
  readonly added: readonly JsonObject[];
}

/** More combinations of changed variants than these are not tried: all of them count as removed and added. */
const MOST_COMBINATIONS = 100_000;

/** Pairs equal variants first, then the most alike. */
export function pairVariants(known: readonly Json[], given: readonly Json[]): Pairing {
  const [before, after] = [byText(known), byText(given)];
  const changed = [...before].filter(([text]) => !after.has(text)).map(([, one]) => one);
  const fresh = new Set([...after].filter(([text]) => !before.has(text)).map(([, one]) => one));
  if (changed.length * fresh.size > MOST_COMBINATIONS) return { pairs: [], removed: changed, added: [...fresh] };
  const ranked = changed
    .flatMap((left) => [...fresh].map((right) => ({ left, right, score: likeness(left, right) })))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
  const open = new Set(changed);
  const pairs: (readonly [JsonObject, JsonObject])[] = [];
  for (const { left, right } of ranked)
    if (open.has(left) && fresh.has(right)) {
      pairs.push([left, right]);
      open.delete(left);
      fresh.delete(right);
    }
  const [[left], [right]] = [[...open], [...fresh]];
  // The last two are one that changed much, unless they say themselves that they are others.
  if (left !== undefined && right !== undefined && open.size === 1 && fresh.size === 1 && !areOthers(left, right))
    return { pairs: [...pairs, [left, right]], removed: [], added: [] };
  return { pairs, removed: [...open], added: [...fresh] };
}

const byText = (variants: readonly Json[]): Map<string, JsonObject> =>
  new Map(variants.map(objectOf).map((one) => [canonicalJson(one), one]));

/** What tells a variant from the others: `type=NEW_ASSET`, else its first fields, else its type. */
export function variantName(variant: JsonObject): string {
  const mark = markOf(variant);
  if (mark !== undefined) return `${mark.field}=${mark.value}`;
  const fields = Object.keys(objectOf(variant['properties']));
  if (fields.length > 0) return fields.slice(0, 3).join(',');
  return typeof variant['type'] === 'string' ? variant['type'] : 'any';
}

/** The field of a variant that has one value only. */
function markOf(variant: JsonObject): { readonly field: string; readonly value: string } | undefined {
  for (const [field, shape] of Object.entries(objectOf(variant['properties']))) {
    const [only, ...more] = listOf(objectOf(shape)['enum']);
    if (more.length > 0) continue;
    if (typeof only === 'string' || typeof only === 'number') return { field, value: String(only) };
  }
  return undefined;
}

function areOthers(left: JsonObject, right: JsonObject): boolean {
  const [mark, other] = [markOf(left), markOf(right)];
  return mark !== undefined && mark.field === other?.field && mark.value !== other.value;
}

/** Above 0: may be the same variant. */
function likeness(left: JsonObject, right: JsonObject): number {
  if (areOthers(left, right)) return 0;
  const mark = markOf(left);
  if (mark !== undefined && mark.field === markOf(right)?.field) return 2;
  const [fields, others] = [fieldsOf(left), fieldsOf(right)];
  const common = [...fields].filter((name) => others.has(name)).length;
  const all = fields.size + others.size - common;
  if (all === 0) return left['type'] === right['type'] ? 1 : 0;
  const alike = common / all;
  return alike >= 0.3 ? alike : 0;
}

const fieldsOf = (variant: JsonObject): Set<string> => new Set(Object.keys(objectOf(variant['properties'])));
