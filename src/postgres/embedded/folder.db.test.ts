import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { attachEmbedded } from './attach.ts';
import { readRecord } from './record.ts';

const remains: string[] = [];
afterEach(async () => {
  for (const folder of remains.splice(0)) await rm(folder, { recursive: true, force: true });
});

it('a copy of its folder that is put in its place is another folder; after a stop and a start it is the same', async () => {
  const project = await mkdtemp(join(tmpdir(), 'millwright-folder-'));
  await chmod(project, 0o755);
  const dataDir = join(project, '.millwright');
  const folderNow = async (): Promise<string> => {
    const server = await attachEmbedded({ dataDir, log: () => undefined });
    await server.release();
    return server.folder;
  };
  const first = await folderNow();
  // Beside it, or wherever root had to put it.
  const { directory = '' } = (await readRecord(dataDir)) ?? {};
  remains.push(project, ...(directory.startsWith('/') ? [dirname(directory)] : []));
  expect(await folderNow()).toBe(first);
  // With owners and times, as backups have them.
  const cluster = join(resolve(dataDir, directory), 'cluster');
  await promisify(execFile)('cp', ['-a', cluster, `${cluster}.backup`]);
  await rm(cluster, { recursive: true });
  await rename(`${cluster}.backup`, cluster);
  expect(await folderNow()).not.toBe(first);
});
