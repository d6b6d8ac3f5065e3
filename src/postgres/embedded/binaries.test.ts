import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountFor, isRoot } from './account.ts';
import { installedBinaries, usableBinaries, type Installed } from './binaries.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millwright-binaries-'));
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What npm leaves with --ignore-scripts: everything but the links. */
async function withoutLinks(name: string): Promise<Installed> {
  const installed = await installedBinaries();
  const root = join(folder, name, 'native');
  await mkdir(dirname(root));
  await cp(installed.root, root, { recursive: true, verbatimSymlinks: true });
  for (const entry of await readdir(join(root, 'lib'), { withFileTypes: true }))
    if (entry.isSymbolicLink()) await rm(join(root, 'lib', entry.name));
  return { root, version: installed.version };
}

const noCopies = (): Promise<string> => Promise.reject(new Error('no copy was needed'));

test('links that an install without scripts left out are made', async () => {
  const installed = await withoutLinks('no-scripts');
  const account = await accountFor(folder);
  const binaries = await usableBinaries(installed, account, noCopies);
  expect(binaries.pgCtl).toBe(join(installed.root, 'bin', process.platform === 'win32' ? 'pg_ctl.exe' : 'pg_ctl'));
});

test('the version names package and platform', async () => {
  expect((await installedBinaries()).version).toMatch(/^18\.\d+.*-(linux|darwin|windows)-\w+$/);
});

describe.skipIf(!isRoot())('where the account cannot get (needs root)', () => {
  test('the binaries are copied once, whole and with their links, whoever comes', async () => {
    const installed = await withoutLinks('closed');
    await chmod(dirname(installed.root), 0o700);
    const account = await accountFor(folder);
    const copies = join(folder, 'copies');
    await mkdir(copies);
    const want = (): ReturnType<typeof usableBinaries> =>
      usableBinaries(installed, account, () => Promise.resolve(copies));
    const [first, second] = await Promise.all([want(), want()]);
    expect(first).toEqual(second);
    expect(await readdir(copies)).toEqual([`postgresql-${installed.version}`]);
    const link = await lstat(join(copies, `postgresql-${installed.version}`, 'lib', 'libpq.so.5'));
    expect(link.isSymbolicLink()).toBe(true);

    await writeFile(first.initdb, ''); // as a power cut may leave it
    await want();
    expect((await lstat(first.initdb)).size).toBeGreaterThan(0);
    expect(await readdir(copies)).toHaveLength(1);
  });
});

test('programs that do not run are an error that names the way out', async () => {
  const root = join(folder, 'broken', 'native');
  await mkdir(join(root, 'bin'), { recursive: true });
  await expect(usableBinaries({ root, version: '0' }, undefined, () => Promise.resolve(folder))).rejects.toMatchObject({
    code: 'embedded-postgres-failed',
    message: expect.stringContaining('DATABASE_URL'),
  });
  expect(await readdir(folder)).not.toContain('postgresql-0');
});
