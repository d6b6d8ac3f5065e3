import { expect, test } from 'vitest';
import { isAllowedLicence } from './licence-expression.ts';

const ALLOWED = new Set(['MIT', 'ISC', 'Apache-2.0']);

test.each([
  'MIT',
  '(MIT)',
  'MIT OR GPL-3.0',
  'GPL-3.0 OR MIT',
  '(MIT AND ISC)',
  'GPL-3.0 AND EPL-2.0 OR MIT',
  '(GPL-3.0 OR MIT) AND (ISC OR EPL-2.0)',
])('%s is allowed', (expression) => {
  expect(isAllowedLicence(expression, ALLOWED)).toBe(true);
});

test.each([
  'GPL-3.0',
  'MIT AND GPL-3.0',
  'GPL-3.0 AND MIT',
  'MIT AND (GPL-3.0 OR EPL-2.0)',
  'Apache-2.0 WITH LLVM-exception',
  'mit',
  'MIT/ISC',
  'SEE LICENSE IN LICENSE.md',
  'UNLICENSED',
  'MIT OR',
  '(MIT',
  'MIT)',
  'MIT ISC',
  '',
])('%s is not allowed', (expression) => {
  expect(isAllowedLicence(expression, ALLOWED)).toBe(false);
});
