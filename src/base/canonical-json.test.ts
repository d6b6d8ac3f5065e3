import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sameJson } from './canonical-json.ts';
import { parseJson, type Json } from './json.ts';

const someJson = fc.json().map((text): Json => {
  const parsed = parseJson(text);
  return 'value' in parsed ? parsed.value : null;
});

/** The same value, the keys of every object in the opposite order. */
function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, turned(member)]),
  );
}

describe('canonical JSON', () => {
  it('has sorted keys and no spaces', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true, '': 0, é: 1 })).toBe(
      '{"":0,"a":true,"b":[1,{"c":"x","d":null}],"é":1}',
    );
  });

  it('leaves out keys without a value and writes nothing as null', () => {
    const partial: { readonly a?: number; readonly b: number } = { b: 1 };
    expect(canonicalJson({ ...partial })).toBe('{"b":1}');
    expect(canonicalJson(undefined)).toBe('null');
  });

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(someJson, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(plain(value));
      }),
    );
  });

  it('gives equal bytes for equal values, whatever the order of their keys', () => {
    fc.assert(
      fc.property(someJson, (value) => {
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
        expect(sameJson(value, turned(value))).toBe(true);
      }),
    );
  });

  it('gives different bytes for different values', () => {
    fc.assert(
      fc.property(someJson, someJson, (one, other) => {
        expect(sameJson(one, other)).toBe(isDeepStrictEqual(plain(one), plain(other)));
      }),
    );
  });

  it('escapes what is no valid text, so that every database takes it', () => {
    expect(canonicalJson('\u0000 \ud800')).toBe(String.raw`"\u0000 \ud800"`);
  });
});

const plain = (value: Json): unknown => JSON.parse(JSON.stringify(value));
