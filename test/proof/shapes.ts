import { isObject, type Json, type JsonObject } from '../../src/base/json.ts';

/** What other processes said, checked on arrival: a proof must not rest on a cast. */
export function objectIn(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('expected an object');
  return value as JsonObject;
}

export function textIn(object: JsonObject, key: string): string {
  const value = object[key];
  if (typeof value !== 'string') throw new Error(`expected text in ${key}`);
  return value;
}

export function numberIn(object: JsonObject, key: string): number {
  const value = object[key];
  if (typeof value !== 'number') throw new Error(`expected a number in ${key}`);
  return value;
}

export const objectsIn = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter((one) => isObject(one)) : [];
