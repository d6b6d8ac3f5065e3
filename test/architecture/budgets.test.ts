import { expect, test } from 'vitest';
import { anyFindings, castFindings, countCasts, fileLengthFindings, functionLengthFindings } from './budgets.ts';
import { places, planted } from './planted.ts';

const lines = (count: number): string => 'run();\n'.repeat(count);
const functionOf = (count: number): string => `const f = () => {\n${lines(count - 2)}};\n`;

test('a file of 401 lines is too long', () => {
  expect(places(fileLengthFindings, { 'src/log/a.ts': lines(401) })).toEqual(['src/log/a.ts:401']);
  expect(places(fileLengthFindings, { 'src/log/a.ts': lines(400), 'src/x/generated/a.ts': lines(401) })).toEqual([]);
});

test('a function of 81 lines is too long', () => {
  expect(places(functionLengthFindings, { 'src/log/a.ts': `\n${functionOf(81)}` })).toEqual(['src/log/a.ts:2']);
  expect(places(functionLengthFindings, { 'src/log/a.ts': functionOf(80) })).toEqual([]);
  expect(places(functionLengthFindings, { 'src/log/a.ts': `function f() {\n${lines(80)}}` })).toHaveLength(1);
});

test('a describe is a list of tests, not a function', () => {
  const list = (name: string): string => `${name}('x', () => {\n${lines(90)}});\n`;
  expect(places(functionLengthFindings, { 'src/log/a.test.ts': list('describe') })).toEqual([]);
  expect(places(functionLengthFindings, { 'src/log/a.test.ts': list('test') })).toEqual(['src/log/a.test.ts:1']);
});

test('any is found, the word is not', () => {
  expect(places(anyFindings, { 'src/log/a.ts': '// any\nconst any: unknown = 1;\nlet x: any;' })).toEqual([
    'src/log/a.ts:3',
  ]);
});

test('casts are counted: as and angle brackets, not as const, renames, satisfies', () => {
  const text = `
    import { a as b } from './a.ts';
    const c = b as string;
    const d = <string>b;
    const e = [b] as const;
    const f = b satisfies string;
    const g = b as unknown as string;
  `;
  const { casts } = countCasts(planted({ 'src/log/a.ts': text }));
  expect(casts.map((cast) => cast.line)).toEqual([3, 4, 7, 7]);
});

test('two casts in 1,000 written lines are allowed, three are not', () => {
  const tree = (casts: number): Record<string, string> => ({
    'src/log/a.ts': 'run(x as Y);\n'.repeat(casts) + lines(1000 - casts),
    'src/x/generated/a.ts': lines(1000),
  });
  expect(places(castFindings, tree(2))).toEqual([]);
  expect(places(castFindings, tree(3))).toEqual(['src/log/a.ts:1', 'src/log/a.ts:2', 'src/log/a.ts:3']);
});
