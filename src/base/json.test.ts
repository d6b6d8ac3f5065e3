import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { isObject, MAX_DEPTH, objectOf, parseJson, parseStored, type Json } from './json.ts';

const valueOf = (text: string): Json => {
  const parsed = parseJson(text);
  if ('refused' in parsed) throw new Error(parsed.refused);
  return parsed.value;
};
const nested = (depth: number, open = '[', close = ']'): string => `${open.repeat(depth)}1${close.repeat(depth)}`;

describe('depth', () => {
  it('is taken up to the limit and refused beyond it', () => {
    expect(parseJson(nested(MAX_DEPTH))).toHaveProperty('value');
    expect(parseJson(nested(MAX_DEPTH + 1))).toEqual({ refused: 'too-deep' });
    expect(parseJson(nested(MAX_DEPTH + 1, '{"a":', '}'))).toEqual({ refused: 'too-deep' });
  });

  it('is refused before any parser sees it, however deep', () => {
    expect(parseJson('['.repeat(1_000_000))).toEqual({ refused: 'too-deep' });
    expect(parseJson('{"a":'.repeat(200_000))).toEqual({ refused: 'too-deep' });
  });

  it('does not count brackets inside strings', () => {
    const text = '['.repeat(500);
    expect(valueOf(JSON.stringify([text, `\\"${text}`]))).toEqual([text, `\\"${text}`]);
  });

  it('counts brackets after strings that end in backslashes', () => {
    expect(parseJson(String.raw`["\\",${nested(MAX_DEPTH)}]`)).toEqual({ refused: 'too-deep' });
  });

  it('may be chosen', () => {
    expect(parseJson(nested(3), 2)).toEqual({ refused: 'too-deep' });
    expect(parseJson(nested(MAX_DEPTH + 5), MAX_DEPTH + 5)).toHaveProperty('value');
  });
});

describe('integers', () => {
  it('that a double cannot hold become the text of their digits', () => {
    expect(valueOf('[9007199254740993, -9007199254740993, 12345678901234567890]')).toEqual([
      '9007199254740993',
      '-9007199254740993',
      '12345678901234567890',
    ]);
  });

  it('that a double holds stay numbers', () => {
    expect(valueOf('[9007199254740991, -9007199254740991, 0, 42]')).toEqual([
      9007199254740991, -9007199254740991, 0, 42,
    ]);
  });

  it('inside strings stay as they are', () => {
    expect(valueOf('{"id":"9007199254740993"}')).toEqual({ id: '9007199254740993' });
  });
});

describe('__proto__', () => {
  it.each([
    ['plain', '{"__proto__":{"admin":true},"a":1}'],
    ['with escaped underscores', String.raw`{"\u005f\u005fproto__":{"admin":true},"a":1}`],
    ['with escaped letters', String.raw`{"__p\u0072oto__":{"admin":true},"a":1}`],
    ['with upper-case escapes', String.raw`{"__pr\u006Fto\u005F_":{"admin":true},"a":1}`],
    ['below other keys', '{"b":[{"__proto__":{"admin":true}}],"a":1}'],
  ])('is dropped, %s', (_how, text) => {
    const value = objectOf(valueOf(text));
    expect(canonicalJson(value)).not.toContain('admin');
    expect(value['a']).toBe(1);
    expect({ ...value }).not.toHaveProperty('admin');
    expect(Object.getPrototypeOf({ ...value })).toBe(Object.prototype);
  });

  it('is kept as a value', () => {
    expect(valueOf('["__proto__"]')).toEqual(['__proto__']);
  });
});

describe('text that is no JSON', () => {
  it.each(['', ' ', '{', '{"a":}', 'NaN', "{'a':1}", '[1,]', '\u0000', 'undefined', '{"a":1}x', '\uFEFF{}'])(
    'is refused: %j',
    (text) => {
      expect(parseJson(text)).toEqual({ refused: 'not-json' });
    },
  );

  it('never throws, whatever it is', () => {
    const bracketed = fc.array(
      fc.constantFrom('[', ']', '{', '}', '"', '\\', ':', ',', '1', 'e9', '__proto__', '\\u005f'),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          bracketed.map((parts) => parts.join('')),
        ),
        (text) => {
          const parsed = parseJson(text);
          expect('value' in parsed || ['not-json', 'too-deep'].includes(parsed.refused)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('what we wrote ourselves', () => {
  it('reads back as it was, whatever a stranger sent', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const told = valueOf(text);
        const stored = canonicalJson(told);
        expect(canonicalJson(parseStored(stored))).toBe(stored);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps apart a number that is written as digits and digits that were too long for a number', () => {
    const told = valueOf('[1e17, 100000000000000000]');
    expect(told).toEqual([1e17, '100000000000000000']);
    expect(parseStored(canonicalJson(told))).toEqual(told);
  });

  it('may nest deeper than what a stranger may send', () => {
    const told = valueOf(nested(MAX_DEPTH));
    expect(parseStored(canonicalJson({ changes: { field: { after: told } } }))).toBeDefined();
  });

  it('is an error when it cannot be read', () => {
    expect(() => parseStored('{')).toThrow('not-json');
  });
});

describe('objects', () => {
  it('are objects only', () => {
    for (const other of [null, undefined, [], 'x', 1, true]) expect(isObject(other)).toBe(false);
    expect(isObject({})).toBe(true);
    expect(objectOf([1])).toEqual({});
    expect(objectOf({ a: 1 })).toEqual({ a: 1 });
  });
});
