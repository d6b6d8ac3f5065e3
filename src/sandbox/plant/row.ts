import { isObject, type Json, type JsonObject } from '../../base/json.ts';

/** A record as the sandbox keeps it: every field, also those that no answer shows. */
export type Row = Record<string, Json>;

const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

export function listOf(value: Json | undefined): readonly Json[] {
  return isArray(value) ? value : [];
}

export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return listOf(value).filter(isObject);
}

export function numbersOf(value: Json | undefined): readonly number[] {
  return listOf(value).filter((item) => typeof item === 'number');
}

export function textsOf(value: Json | undefined): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

export function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A primitive as text, e.g. to compare it with what a query says; anything else is empty. */
export function wordOf(value: Json | undefined): string {
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

export const idOf = (row: JsonObject): number => numberOf(row['id']);

/** The named fields that the object has and that are not null. */
export function pick(row: JsonObject, fields: readonly string[]): Row {
  const picked: Row = {};
  for (const field of fields) {
    const value = row[field];
    if (value !== undefined && value !== null) picked[field] = value;
  }
  return picked;
}
