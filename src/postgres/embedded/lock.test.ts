import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withLock } from './lock.ts';

let folder = '';
let holder: ChildProcess | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millwright-lock-'));
});
afterAll(async () => {
  holder?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

test('lets in one at a time, within a process too', async () => {
  let inside = 0;
  const most: number[] = [];
  const work = async (): Promise<void> => {
    most.push(++inside);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside--;
  };
  await Promise.all(Array.from({ length: 5 }, () => withLock(join(folder, 'one'), work)));
  expect(most).toEqual([1, 1, 1, 1, 1]);
});

test('is free again after work that failed', async () => {
  const file = join(folder, 'two');
  await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(file, () => Promise.resolve('in'))).toBe('in');
});

test('vanishes with a process that is killed', async () => {
  const file = join(folder, 'three');
  const program = `
    const { withLock } = await import(${JSON.stringify(new URL('./lock.ts', import.meta.url).href)});
    await withLock(${JSON.stringify(file)}, () => new Promise(() => { console.log('in'); setInterval(() => 0, 1000); }));`;
  holder = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => holder?.stdout?.once('data', resolve));
  let entered = false;
  const entering = withLock(file, () => Promise.resolve((entered = true)));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(entered).toBe(false);
  holder.kill('SIGKILL');
  expect(await entering).toBe(true);
});
