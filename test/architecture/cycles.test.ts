import { expect, test } from 'vitest';
import { cycleFindings } from './cycles.ts';
import { planted } from './planted.ts';

const of = (files: Record<string, string>): readonly string[] =>
  cycleFindings(planted(files)).map(({ file, line, message }) => `${file}:${line} ${message.split(':')[0]}`);

test('a cycle is reported once, with its path, over types too', () => {
  const files = {
    'src/log/a.ts': `import { b } from './b.ts';`,
    'src/log/b.ts': `\nimport type { C } from './c.ts';`,
    'src/log/c.ts': `export { a } from './a.ts';`,
    'src/log/d.ts': `import { a } from './a.ts';`,
  };
  expect(of(files)).toEqual(['src/log/a.ts:1 import cycle src/log/a.ts → src/log/b.ts → src/log/c.ts → src/log/a.ts']);
});

test('a file that imports itself is a cycle', () => {
  expect(of({ 'src/log/a.ts': `import { a } from './a.ts';` })).toHaveLength(1);
});

test('two cycles are two findings', () => {
  const pair = (left: string, right: string): Record<string, string> => ({
    [`src/log/${left}.ts`]: `import './${right}.ts';`,
    [`src/log/${right}.ts`]: `import './${left}.ts';`,
  });
  expect(of({ ...pair('a', 'b'), ...pair('c', 'd') })).toHaveLength(2);
});

test('a diamond is no cycle', () => {
  const files = {
    'src/log/a.ts': `import './b.ts'; import './c.ts';`,
    'src/log/b.ts': `import './d.ts';`,
    'src/log/c.ts': `import './d.ts';`,
    'src/log/d.ts': '',
  };
  expect(of(files)).toEqual([]);
});
