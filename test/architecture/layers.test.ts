import { expect, test } from 'vitest';
import { layerFindings, partOf } from './layers.ts';
import { places, planted } from './planted.ts';

const importing = (file: string, target: string): readonly string[] =>
  places(layerFindings, { [file]: `\nimport { x } from '${target}';\n` });

test.each([
  ['src/log/a.ts', '../postgres/index.ts'],
  ['src/log/a.ts', './b.ts'],
  ['src/log/memory/a.ts', '../../base/undo.ts'],
  ['src/config.ts', './errors.ts'],
  ['src/store/a.ts', '../inbound/index.ts'],
  ['src/server.ts', './api/index.ts'],
  ['src/cli/sandbox.ts', '../sandbox/index.ts'],
  ['src/cli/start.ts', '../server.ts'],
  ['src/main.ts', './cli/index.ts'],
  ['src/sandbox/a.ts', '../maintainx/catalogue/index.ts'],
  ['src/sandbox/a.ts', '../maintainx/generated/specification.ts'],
  ['src/log/a.ts', 'pg'],
  ['src/cli/program.ts', '../../package.json'],
  ['src/log/a.db.test.ts', '../../test/database.ts'],
])('%s may import %s', (file, target) => {
  expect(importing(file, target)).toEqual([]);
});

test.each([
  ['upward', 'src/log/a.ts', '../inbound/index.ts'],
  ['sideways', 'src/log/a.ts', '../vault/index.ts'],
  ['upward, from a test', 'src/log/a.test.ts', '../inbound/index.ts'],
  ['upward at the top of src', 'src/errors.ts', './config.ts'],
  ['from base', 'src/base/a.ts', '../errors.ts'],
  ['the client needs more than base', 'src/maintainx/client.ts', '../errors.ts'],
  ['the sandbox needs the client', 'src/sandbox/a.ts', '../maintainx/client.ts'],
  ['the sandbox needs the errors', 'src/sandbox/a.ts', '../errors.ts'],
  ['the server needs the sandbox', 'src/server.ts', './sandbox/index.ts'],
  ['out of src', 'src/log/a.ts', '../../test/database.ts'],
])('%s: %s may not import %s', (_, file, target) => {
  expect(importing(file, target)).toEqual([`${file}:2`]);
});

test('types, re-exports and import() count as imports', () => {
  const text = [
    `import type { A } from '../inbound/index.ts';`,
    `export { b } from '../inbound/index.ts';`,
    `const c = await import('../inbound/index.ts');`,
    `type D = import('../inbound/index.ts').D;`,
  ];
  expect(places(layerFindings, { 'src/log/a.ts': text.join('\n') })).toEqual(
    [1, 2, 3, 4].map((n) => `src/log/a.ts:${n}`),
  );
});

test('a part without a place in the layers is named', () => {
  const [finding] = layerFindings(planted({ 'src/novelty/a.ts': '' }));
  expect(finding).toEqual({
    file: 'src/novelty/a.ts',
    line: 1,
    message: 'novelty has no layer: give it one in test/architecture/layers.ts',
  });
});

test('the message says who is above whom', () => {
  const [finding] = layerFindings(planted({ 'src/log/a.ts': `import '../inbound/index.ts';` }));
  expect(finding?.message).toContain('log imports inbound, which is above it');
});

test('the test of a file at the top of src belongs to its part', () => {
  expect(['src/config.test.ts', 'src/config.db.test.ts', 'src/log/a.ts', 'tools/a.ts'].map(partOf)).toEqual([
    'config.ts',
    'config.ts',
    'log',
    undefined,
  ]);
});
