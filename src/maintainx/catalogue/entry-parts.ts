import type { JsonObject } from '../../base/json.ts';
import type { FieldRule, Source } from './kind.ts';

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const byName = (record: JsonObject): string => text(record['name']);
export const byTitle = (record: JsonObject): string => text(record['title']);
export const byLabel = (record: JsonObject): string => text(record['label']);

/** An embedded record of which only the id is ours. */
export const idOf = (as: string): FieldRule => ({ keep: ['id'], as });

export function sourceOf(
  fields: readonly string[],
  lacks: readonly string[] = [],
  expand: readonly string[] = [],
): Source {
  return { fields: fields.filter((field) => !lacks.includes(field)), expand };
}
