import { canonicalJson, sameJson } from '../../base/canonical-json.ts';
import { isObject, objectOf, type Json, type JsonObject } from '../../base/json.ts';
import { beforeAfter, KEYWORDS, type Change, type Place, type PlacedChange } from './differences.ts';
import { isList, listOf } from './list.ts';
import { pairVariants, variantName } from './variants.ts';

type FieldChange = Change & { readonly field: string };

/**
 * What changed between two whole shapes that stand at `place`, field by field. Looks before it uses: in a stranger's
 * document a keyword may hold anything.
 */
export function placedAt(place: Place, known: Json, given: Json): PlacedChange[] {
  return shapeChanges('', objectOf(known), objectOf(given)).map(({ field, ...change }) => ({
    ...change,
    place: field === '' ? place : { ...place, field },
  }));
}

function shapeChanges(field: string, known: JsonObject, given: JsonObject): FieldChange[] {
  const own = [...keywordChanges(known, given), ...enumChanges(known['enum'], given['enum'])].map((change) => ({
    ...change,
    field,
  }));
  // Another type has other parts: naming each of them would hide the one thing that happened.
  const isOther = known['type'] !== undefined && given['type'] !== undefined && !sameJson(known['type'], given['type']);
  if (isOther) return own;
  return [
    ...own,
    ...propertyChanges(field, known, given),
    ...requiredChanges(field, known, given),
    ...itemsChanges(field, known['items'], given['items']),
    ...otherChanges(field, known['additionalProperties'], given['additionalProperties']),
    ...(['oneOf', 'anyOf', 'allOf'] as const).flatMap((word) => variantChanges(field, word, known[word], given[word])),
  ];
}

function keywordChanges(known: JsonObject, given: JsonObject): Change[] {
  return KEYWORDS.flatMap((aspect) => {
    const [before, after] = [known[aspect], given[aspect]];
    return sameJson(before, after) && (before === undefined) === (after === undefined)
      ? []
      : [{ verb: 'changed' as const, aspect, ...beforeAfter(before, after) }];
  });
}

function enumChanges(before: Json | undefined, after: Json | undefined): Change[] {
  if (!isList(before) || !isList(after))
    return sameJson(before, after) ? [] : [{ verb: 'changed', aspect: 'enum', ...beforeAfter(before, after) }];
  const [known, given] = [textsOf(before), textsOf(after)];
  return [
    ...before
      .filter((value) => !given.has(canonicalJson(value)))
      .map((value) => ({ verb: 'removed' as const, aspect: 'enum value' as const, before: value })),
    ...after
      .filter((value) => !known.has(canonicalJson(value)))
      .map((value) => ({ verb: 'added' as const, aspect: 'enum value' as const, after: value })),
  ];
}

const textsOf = (values: readonly Json[]): Set<string> => new Set(values.map(canonicalJson));

function propertyChanges(field: string, known: JsonObject, given: JsonObject): FieldChange[] {
  const [before, after] = [objectOf(known['properties']), objectOf(given['properties'])];
  const must = namesIn(given['required']);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name): FieldChange[] => {
    const inner = field === '' ? name : `${field}.${name}`;
    const [left, right] = [own(before, name), own(after, name)];
    if (right === undefined)
      return [{ verb: 'removed', aspect: 'field', field: inner, ...beforeAfter(left, undefined) }];
    if (left !== undefined) return shapeChanges(inner, objectOf(left), objectOf(right));
    const mandatory = must.has(name) ? { mandatory: true as const } : {};
    return [{ verb: 'added', aspect: 'field', field: inner, after: right, ...mandatory }];
  });
}

const own = (holder: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(holder, name) ? holder[name] : undefined;

/** Of fields that are on both sides or on neither; of the others it goes without saying. */
function requiredChanges(field: string, known: JsonObject, given: JsonObject): FieldChange[] {
  const [before, after] = [namesIn(known['required']), namesIn(given['required'])];
  const [left, right] = [objectOf(known['properties']), objectOf(given['properties'])];
  return [...new Set([...before, ...after])]
    .filter((name) => before.has(name) !== after.has(name))
    .filter((name) => Object.hasOwn(left, name) === Object.hasOwn(right, name))
    .map((name) => ({
      verb: 'changed',
      aspect: 'required',
      field: field === '' ? name : `${field}.${name}`,
      before: before.has(name),
      after: after.has(name),
    }));
}

const namesIn = (required: Json | undefined): Set<string> =>
  new Set(listOf(required).filter((name) => typeof name === 'string'));

function itemsChanges(field: string, before: Json | undefined, after: Json | undefined): FieldChange[] {
  if (before === undefined && after === undefined) return [];
  if (before !== undefined && after !== undefined) return shapeChanges(`${field}[]`, objectOf(before), objectOf(after));
  const verb = before === undefined ? 'added' : 'removed';
  return [{ verb, aspect: 'items', field, ...beforeAfter(before, after) }];
}

function otherChanges(field: string, before: Json | undefined, after: Json | undefined): FieldChange[] {
  if (isObject(before) && isObject(after)) return shapeChanges(`${field}{}`, before, after);
  if (before === after) return [];
  return [{ verb: 'changed', aspect: 'additionalProperties', field, ...beforeAfter(before, after) }];
}

function variantChanges(
  field: string,
  aspect: 'oneOf' | 'anyOf' | 'allOf',
  before: Json | undefined,
  after: Json | undefined,
): FieldChange[] {
  if (!isList(before) || !isList(after)) {
    if (before === undefined && after === undefined) return [];
    return [{ verb: 'changed', aspect, field, ...beforeAfter(before, after) }];
  }
  const { pairs, removed, added } = pairVariants(before, after);
  return [
    ...pairs.flatMap(([left, right]) => shapeChanges(`${field}<${variantName(left)}>`, left, right)),
    ...removed.map((one) => ({
      verb: 'removed' as const,
      aspect: 'variant' as const,
      field: `${field}<${variantName(one)}>`,
      before: one,
    })),
    ...added.map((one) => ({
      verb: 'added' as const,
      aspect: 'variant' as const,
      field: `${field}<${variantName(one)}>`,
      after: one,
    })),
  ];
}
