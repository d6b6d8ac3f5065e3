import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url));
const REPORTER = fileURLToPath(new URL('./reporter.ts', import.meta.url));

let project = '';
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'millwright-reporter-'));
  await symlink(MODULES, join(project, 'node_modules'));
});
afterAll(async () => {
  await rm(project, { recursive: true, force: true });
});

/** Runs vitest over one file with this text; returns its exit code and the last line that it prints. */
async function runOf(text: string): Promise<{ readonly code: number; readonly last: string | undefined }> {
  await writeFile(join(project, 'planted.test.ts'), `import { beforeAll, describe, test } from 'vitest';\n${text}`);
  const vitest = join(MODULES, 'vitest', 'vitest.mjs');
  const given = [vitest, 'run', '--root', project, '--reporter', 'default', '--reporter', REPORTER];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, given, { cwd: project }, (_error, output) => {
      resolve({ code: child.exitCode ?? -1, last: output.trimEnd().split('\n').at(-1) });
    });
  });
}

const FAILING = `() => { throw new Error('planted'); }`;

test.each([
  ['a green run', `test('a', () => {}); test.skip('b', () => {});`, '1 passed, 0 failed, 1 skipped', 0],
  ['a failing test', `test('a', () => {}); test('b', ${FAILING});`, '1 passed, 1 failed', 1],
  ['a file that throws on import', `test('a', () => {}); throw new Error('planted');`, '0 passed, 1 failed', 1],
  ['an import that is missing', `import './missing.ts'; test('a', () => {});`, '0 passed, 1 failed', 1],
  [
    'a hook that fails',
    `describe('d', () => { beforeAll(${FAILING}); test('a', () => {}); });`,
    '0 passed, 1 failed, 1 skipped',
    1,
  ],
  [
    'an error outside any test',
    `test('a', () => {}); void Promise.reject(new Error('planted'));`,
    '1 passed, 1 failed',
    1,
  ],
])('%s', async (_, text, last, code) => {
  expect(await runOf(text)).toEqual({ code, last });
});
