import { chmod, lchown, mkdir, readFile, realpath, rmdir } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { accountFor, isRoot } from './account.ts';
import { exists, writeDurably } from '../../base/durable.ts';
import { failed } from './failure.ts';
import { run, type Account } from './program.ts';
import { newRecord, readRecord, writeRecord, type InstallationRecord } from './record.ts';

export type Log = (message: string, details?: Record<string, unknown>) => void;

/** Where this installation's database lives, and who runs it. */
export interface Place {
  /** Belongs to the account that runs PostgreSQL and is closed to everybody else. */
  readonly directory: string;
  readonly cluster: string;
  readonly serverLog: string;
  readonly account: Account | undefined;
  readonly password: string;
}

/** Root's own folder for what must lie where every account can get. */
const SYSTEM_FOLDER = '/var/lib/millwright';
const INSIDE = 'postgres';

/** The folder for copies of the binaries. */
export async function folderForCopies(dataDir: string): Promise<string> {
  if (!isRoot()) return dataDir;
  await openFolder(SYSTEM_FOLDER);
  return SYSTEM_FOLDER;
}

/** Finds the place of `dataDir`'s database or settles one; always the same afterwards. Call it under the lock. */
export async function settlePlace(dataDir: string, log: Log): Promise<Place> {
  const known = await recordOf(dataDir, log);
  if (known !== undefined && (await exists(clusterIn(resolve(dataDir, known.directory))))) return keep(dataDir, known);
  if (known === undefined && (await exists(clusterIn(join(dataDir, INSIDE)))))
    throw failed(
      `${join(dataDir, INSIDE)} holds a database, but postgres.json, which knows its password, is gone. Restore it, ` +
        'or move the folder away to begin with an empty database',
    );
  return settle(dataDir, known, log);
}

/** A database that exists stays where it is. */
async function keep(dataDir: string, record: InstallationRecord): Promise<Place> {
  const directory = resolve(dataDir, record.directory);
  const place = placeAt(directory, await accountFor(directory), record);
  if (!(await isReachable(directory, place.account)))
    throw failed(
      `${place.account?.name}, who is to run PostgreSQL, cannot use the database in ${directory}: it belongs to somebody ` +
        'else, or a folder above it is closed. Give it to that user (chown -R), open the folder (chmod o+x), or set ' +
        'DATABASE_URL to a PostgreSQL of your own',
    );
  return place;
}

async function settle(dataDir: string, known: InstallationRecord | undefined, log: Log): Promise<Place> {
  const inside = join(dataDir, INSIDE);
  const account = await accountFor(inside);
  if (await prepare(inside, account)) return remember(dataDir, known ?? newRecord(INSIDE), INSIDE, account);
  await rmdir(inside).catch(() => undefined);
  const record = known ?? newRecord(INSIDE);
  const home = join(SYSTEM_FOLDER, `data-${record.id}`);
  const directory = join(home, INSIDE);
  await openFolder(SYSTEM_FOLDER);
  await openFolder(home);
  await claim(home, dataDir);
  if (!(await prepare(directory, account)))
    throw failed(
      `${account?.name} can reach neither ${dataDir} nor ${directory}. Start Millwright as a normal user, or set ` +
        'DATABASE_URL to a PostgreSQL of your own',
    );
  log(`${account?.name}, who runs PostgreSQL, may not enter ${dataDir}: the database lives in ${directory}`);
  return remember(dataDir, record, directory, account);
}

async function remember(
  dataDir: string,
  record: InstallationRecord,
  directory: string,
  account: Account | undefined,
): Promise<Place> {
  await writeRecord(dataDir, { ...record, directory });
  return placeAt(resolve(dataDir, directory), account, record);
}

const clusterIn = (directory: string): string => join(directory, 'cluster');

function placeAt(directory: string, account: Account | undefined, record: InstallationRecord): Place {
  const serverLog = join(directory, 'server.log');
  return { directory, cluster: clusterIn(directory), serverLog, account, password: record.password };
}

/**
 * The record, unless it is a copy: whoever copies a data folder copies the record too, and both would then use the one
 * database outside of it. The folder that the database names as its owner keeps it, if it is still there.
 */
async function recordOf(dataDir: string, log: Log): Promise<InstallationRecord | undefined> {
  const record = await readRecord(dataDir);
  if (record === undefined || !isAbsolute(record.directory)) return record;
  const home = resolve(record.directory, '..');
  const owner = await readFile(ownerFile(home), 'utf8').catch(() => undefined);
  if (owner === undefined || owner === (await realpath(dataDir))) return record;
  const ownersRecord = await readRecord(owner).catch(() => undefined);
  if (ownersRecord?.id === record.id) {
    log(`${dataDir} is a copy of ${owner}, whose database stays its own: this one begins empty`);
    return undefined;
  }
  await claim(home, dataDir);
  return record;
}

const ownerFile = (home: string): string => join(home, 'owner');

async function claim(home: string, dataDir: string): Promise<void> {
  await writeDurably(ownerFile(home), await realpath(dataDir));
}

/** Makes a folder that everybody may pass through, whatever the umask. */
async function openFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o755);
}

/** Makes the account's private folder; false: the account cannot get there. */
async function prepare(directory: string, account: Account | undefined): Promise<boolean> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  if (account === undefined) return true;
  try {
    await lchown(directory, account.uid, account.gid);
  } catch {
    return false; // a file system without owners, e.g. a folder shared into a virtual machine
  }
  return isReachable(directory, account);
}

/** Tried, not computed: modes, ACLs, mounts and capabilities all have a say. */
async function isReachable(directory: string, account: Account | undefined): Promise<boolean> {
  if (account === undefined) return true;
  return (await run('/bin/sh', ['-c', 'cd -- "$1" && test -w .', 'sh', directory], account)).ok;
}
