import { expect, test } from 'vitest';
import { places } from './planted.ts';
import { starFindings } from './stars.ts';

test('export * is found, names are left alone', () => {
  const text = `export { a } from './a.ts';\nexport * from './b.ts';\nexport * as c from './c.ts';\n`;
  expect(places(starFindings, { 'src/log/index.ts': text })).toEqual(['src/log/index.ts:2', 'src/log/index.ts:3']);
});
