import { lchown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { exists, renameDurably } from '../../base/durable.ts';
import { failed } from './failure.ts';
import type { Place } from './place.ts';
import { run } from './program.ts';

/** Superuser of this private server and owner of the database. */
export const OWNER = 'millwright';

const MAKING = 'making-';

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // An idle trial server would otherwise write a line every five minutes.
  log_checkpoints: 'off',
};

/**
 * Makes the database cluster if it is not there; says whether it did. It is made under another name and renamed when
 * complete, so what bears the name `cluster` is never half-made and never deleted. Call it under the lock.
 */
export async function ensureCluster(place: Place, binaries: Binaries): Promise<boolean> {
  await removeHalfMade(place.directory);
  if (await exists(place.cluster)) return false;
  const making = await mkdtemp(join(place.directory, MAKING));
  try {
    const fresh = join(making, 'cluster');
    await initialise(making, fresh, place, binaries);
    await renameDurably(fresh, place.cluster);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return true;
}

/** What a killed process left; a killed one's initdb may still be writing, then the rest goes next time. */
async function removeHalfMade(directory: string): Promise<void> {
  const left = (await readdir(directory)).filter((name) => name.startsWith(MAKING));
  for (const name of left)
    await rm(join(directory, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

async function initialise(making: string, cluster: string, place: Place, binaries: Binaries): Promise<void> {
  const passwordFile = join(making, 'password');
  await writeFile(passwordFile, place.password, { mode: 0o600, flag: 'wx' });
  for (const path of [passwordFile, making])
    if (place.account !== undefined) await lchown(path, place.account.uid, place.account.gid);
  const outcome = await run(binaries.initdb, initdbArguments(cluster, passwordFile), place.account);
  if (!outcome.ok) throw failed(`cannot make a database in ${place.directory}; initdb says`, outcome.output);
}

/** Text sorts by code point and knows the case of every letter, the same on every machine. */
function initdbArguments(cluster: string, passwordFile: string): readonly string[] {
  return [
    `--pgdata=${cluster}`,
    `--username=${OWNER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}
