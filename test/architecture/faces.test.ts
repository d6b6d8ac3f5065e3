import { expect, test } from 'vitest';
import { faceFindings } from './faces.ts';
import { places } from './planted.ts';

const FOLDERS = { 'src/log/index.ts': '', 'src/maintainx/index.ts': '', 'src/maintainx/catalogue/index.ts': '' };

const importing = (file: string, target: string): readonly string[] =>
  places(faceFindings, { ...FOLDERS, [file]: `import { x } from '${target}';` });

test.each([
  ['src/inbound/a.ts', '../log/index.ts'],
  ['src/inbound/a.ts', './poll/cursor.ts'],
  ['src/inbound/a.ts', '../base/clock.ts'],
  ['src/inbound/a.ts', '../errors.ts'],
  ['src/inbound/a.ts', '../maintainx/catalogue/index.ts'],
  ['src/maintainx/client.ts', './catalogue/index.ts'],
  ['src/maintainx/index.ts', './catalogue/index.ts'],
  ['src/maintainx/catalogue/kinds.ts', './fields.ts'],
  ['src/maintainx/catalogue/kinds.ts', '../generated/specification.ts'],
  ['src/sandbox/a.ts', '../maintainx/generated/specification.ts'],
  ['src/inbound/a.test.ts', '../log/memory.ts'],
  ['src/log/a.test.ts', './index.ts'],
])('%s may import %s', (file, target) => {
  expect(importing(file, target)).toEqual([]);
});

test.each([
  ['past the index', 'src/inbound/a.ts', '../log/memory.ts'],
  ['its own index', 'src/log/a.ts', './index.ts'],
  ['its own index, from deeper', 'src/log/memory/a.ts', '../index.ts'],
  ['past the index of an inner folder', 'src/maintainx/client.ts', './catalogue/kinds.ts'],
  ['an inner file of the client', 'src/inbound/a.ts', '../maintainx/catalogue/kinds.ts'],
  ['generated files', 'src/inbound/a.ts', '../maintainx/generated/specification.ts'],
])('%s: %s may not import %s', (_, file, target) => {
  expect(importing(file, target)).toEqual([`${file}:1`]);
});
