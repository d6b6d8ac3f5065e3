import { expect, test } from 'vitest';
import { readTree } from '../test/architecture/tree.ts';
import { ERRORS } from '../src/errors.ts';
import { MAINTAINX_ERRORS } from '../src/maintainx/errors.ts';
import { codesAskedFor, codesRaised, stringsInUse } from './error-codes.ts';

const sources = readTree();
const codes: ReadonlySet<string> = new Set([...Object.keys(ERRORS), ...Object.keys(MAINTAINX_ERRORS)]);

test('every code that src raises or asks for stands in a table', () => {
  const strangers = [...codesRaised(sources), ...codesAskedFor(sources)].filter(({ code }) => !codes.has(code));
  expect(strangers).toEqual([]);
});

test('every code in the tables is used', () => {
  const used = stringsInUse(sources);
  expect([...codes].filter((code) => !used.has(code))).toEqual([]);
});

test('both tables are in alphabetical order and share no code', () => {
  for (const table of [ERRORS, MAINTAINX_ERRORS]) expect(Object.keys(table)).toEqual(Object.keys(table).sort());
  expect(codes.size).toBe(Object.keys(ERRORS).length + Object.keys(MAINTAINX_ERRORS).length);
});

test('codes are found wherever a call names them', () => {
  const text = `
    throw raise('one', 'message');
    throw raiseMaintainx(late ? 'two' : 'three', 'message');
    if (isCoded(error, 'four', 'five')) raise(code, 'message');
  `;
  const planted = new Map([
    ['src/a.ts', text],
    ['src/a.test.ts', `raise('planted', '')`],
  ]);
  expect(codesRaised(planted)).toEqual([
    { code: 'one', place: 'src/a.ts:2' },
    { code: 'two', place: 'src/a.ts:3' },
    { code: 'three', place: 'src/a.ts:3' },
  ]);
  expect(codesAskedFor(planted).map((use) => use.code)).toEqual(['four', 'five']);
  expect(stringsInUse(planted).has('planted')).toBe(false);
  expect(stringsInUse(planted).has('four')).toBe(true);
});
