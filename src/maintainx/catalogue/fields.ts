import type { FieldRule, KindEntry, Source } from './kind.ts';

/** The rule of a field; one that the catalogue does not name is plain state. */
export const ruleOf = (entry: KindEntry, field: string): FieldRule =>
  (Object.hasOwn(entry.fields, field) ? entry.fields[field] : undefined) ?? 'state';

/** The name under which our record keeps a field of MaintainX's answer. */
export function keptName(entry: KindEntry, field: string): string {
  const rule = ruleOf(entry, field);
  return typeof rule === 'object' && rule.as !== undefined ? rule.as : field;
}

/** Whether fields under this rule are compared and logged. */
export const isCompared = (rule: FieldRule): boolean => rule !== 'derived' && rule !== 'volatile';

/** Names of our record's fields that `source` speaks for and that are compared. */
export function comparedFields(entry: KindEntry, source: Source): readonly string[] {
  const names = source.fields
    .filter((field) => isCompared(ruleOf(entry, field)))
    .map((field) => keptName(entry, field));
  return [...new Set(names)];
}

/**
 * Compared fields that only a single GET tells: the list row is a stub of the record when there are any. What a list shows
 * is not deleted, so that field alone makes no stub.
 */
export function detailFields(entry: KindEntry): readonly string[] {
  const known = DETAILS.get(entry) ?? fieldsBeyondList(entry);
  DETAILS.set(entry, known);
  return known;
}

/** Worked out once for each entry: it is asked for with every row. */
const DETAILS = new WeakMap<KindEntry, readonly string[]>();

function fieldsBeyondList(entry: KindEntry): readonly string[] {
  const listed = new Set(comparedFields(entry, entry.list));
  return comparedFields(entry, entry.get).filter((field) => !listed.has(field) && field !== 'deletedAt');
}

/** Whether a list row says when the record last changed. */
export const listTellsTime = (entry: KindEntry): boolean => entry.list.fields.includes('updatedAt');
