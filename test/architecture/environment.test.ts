import { expect, test } from 'vitest';
import { environmentFindings } from './environment.ts';
import { places } from './planted.ts';

const at = (text: string, file = 'src/cli/a.ts'): readonly string[] => places(environmentFindings, { [file]: text });

test.each([
  'const level = process.env.LOG_LEVEL;',
  `const level = process['env'];`,
  'const { env } = process;',
  `import { env } from 'node:process';`,
])('only config.ts reads the environment: %s', (text) => {
  expect(at(text)).toEqual(['src/cli/a.ts:1']);
  expect(at(text, 'src/config.ts')).toEqual([]);
});

test.each(['process.exit(1);', 'const env = config.env;', '// process.env'])('no reading: %s', (text) => {
  expect(at(text)).toEqual([]);
});
