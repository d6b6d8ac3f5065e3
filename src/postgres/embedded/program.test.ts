import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { run } from './program.ts';

const WINDOWS = process.platform === 'win32';

test('says what the program printed and whether it succeeded', async () => {
  expect(await run(process.execPath, ['--print', '6 * 7'], undefined)).toEqual({ ok: true, output: '42\n' });
  const failure = await run(process.execPath, ['--eval', 'console.error("why"); process.exit(3)'], undefined);
  expect(failure).toEqual({ ok: false, output: 'why\n' });
});

test.skipIf(WINDOWS)('gives it a minimal environment and a folder that everybody may enter (POSIX)', async () => {
  const outcome = await run('/bin/sh', ['-c', 'pwd; env | cut -d= -f1 | sort | tr "\\n" " "'], undefined);
  expect(outcome.output.replace(/\b(PWD|OLDPWD|SHLVL|_) /g, '')).toBe('/\nLANG LC_ALL PATH ');
});

test('a program that cannot be run is an outcome, and does not keep this process alive', async () => {
  expect(await run('/no/such/program', [], undefined)).toEqual({
    ok: false,
    output: expect.stringContaining('ENOENT'),
  });
  const program = `
    const { run } = await import(${JSON.stringify(new URL('./program.ts', import.meta.url).href)});
    await run('/no/such/program', [], undefined);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'ignore' });
  const code = await new Promise((resolve) => {
    child.once('exit', resolve);
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
  });
  expect(code).toBe(0);
});
