import { mkdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isCoded } from '../../base/coded-error.ts';
import { installedBinaries, usableBinaries, type Binaries } from './binaries.ts';
import { ensureCluster, OWNER } from './cluster.ts';
import { exists } from '../../base/durable.ts';
import { failed, reasonOf } from './failure.ts';
import { rejoin } from './find-server.ts';
import { withLock } from './lock.ts';
import { folderForCopies, settlePlace, type Log, type Place } from './place.ts';
import { bePresent, type Presence } from './presence.ts';
import { serve, stopServer } from './server.ts';
import type { Session } from './session.ts';

export interface EmbeddedServer {
  /** postgres:// URL of database "millwright" as its owner, who is superuser of this private server, on 127.0.0.1. */
  readonly url: string;
  /** What its folder is on this disk: a copy of it that is put in its place is another. */
  readonly folder: string;
  /** Says that this process is done with the server; the last process to say so stops it. */
  release(): Promise<void>;
}

export interface EmbeddedOptions {
  /** The folder that identifies the installation, made if it is missing. */
  readonly dataDir: string;
  readonly log: Log;
}

const DATABASE = 'millwright';

/**
 * A real PostgreSQL with its data in `dataDir`: made on first use, started if it does not run, shared by all processes
 * that name the same folder. It survives the death of every one of them; the next to attach adopts it.
 */
export async function attachEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  try {
    const installed = await installedBinaries();
    // Passable, so that the account that runs PostgreSQL for root can get in; what is secret inside is closed by itself.
    await mkdir(options.dataDir, { recursive: true, mode: 0o711 });
    const dataDir = await realpath(options.dataDir);
    return await withLock(lockFile(dataDir), async () => {
      const place = await settlePlace(dataDir, options.log);
      const binaries = await usableBinaries(installed, place.account, () => folderForCopies(dataDir));
      return attach(dataDir, place, binaries, options.log);
    });
  } catch (error) {
    if (isCoded(error)) throw error;
    throw failed(`the embedded PostgreSQL in ${options.dataDir} cannot be used: ${reasonOf(error)}`, '', error);
  }
}

const lockFile = (dataDir: string): string => join(dataDir, 'postgres.lock');

async function attach(dataDir: string, place: Place, binaries: Binaries, log: Log): Promise<EmbeddedServer> {
  if (await ensureCluster(place, binaries)) log('made an empty database', { directory: place.directory });
  const session = await serve(place, binaries, log);
  const presence = await settleIn(session, place);
  let released: Promise<void> | undefined;
  return {
    url: `postgres://${OWNER}:${place.password}@127.0.0.1:${session.port}/${DATABASE}`,
    folder: await folderMark(place.cluster),
    release: () => (released ??= release(dataDir, place, binaries, presence, log)),
  };
}

/** Made once, by initdb, and never written again. */
async function folderMark(cluster: string): Promise<string> {
  const { ino, birthtimeNs } = await stat(join(cluster, 'PG_VERSION'), { bigint: true });
  return `${ino}/${birthtimeNs}`;
}

async function settleIn(session: Session, place: Place): Promise<Presence> {
  try {
    await ensureDatabase(session);
    return await bePresent(session, () => rejoin(place, session.port));
  } catch (error) {
    await session.client.end().catch(() => undefined);
    throw error;
  }
}

/** Asked at every start, not only after the first: whoever made the cluster may have been killed before this. */
async function ensureDatabase({ client }: Session): Promise<void> {
  const { rows } = await client.query('select from pg_database where datname = $1', [DATABASE]);
  if (rows.length === 0) await client.query(`create database ${DATABASE}`);
}

/** Under the lock, so that nobody attaches to a server that is being stopped. */
async function release(dataDir: string, place: Place, binaries: Binaries, presence: Presence, log: Log): Promise<void> {
  const leave = async (): Promise<void> => {
    if ((await presence.leave()) !== 'last') return;
    await stopServer(place, binaries);
    log('stopped the embedded PostgreSQL');
  };
  // Where the folder was deleted meanwhile, nobody can attach any more.
  if (await exists(dataDir)) await withLock(lockFile(dataDir), leave);
  else await leave();
}
