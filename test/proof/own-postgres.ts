import { chownSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { accountFor } from '../../src/postgres/embedded/account.ts';
import { installedBinaries, usableBinaries } from '../../src/postgres/embedded/binaries.ts';
import { run } from '../../src/postgres/embedded/program.ts';
import { freePort, temporaryFolder } from './gateway.ts';

/** A PostgreSQL that can be struck down and started again on the same port. */
export interface OwnPostgres {
  /** As its superuser. */
  readonly url: string;
  /** As after a power cut: nothing is written any more, and the next start recovers. */
  stopAtOnce(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function ownPostgres(): Promise<OwnPostgres> {
  const folder = temporaryFolder();
  const account = await accountFor(folder.path);
  const { initdb, pgCtl } = await usableBinaries(await installedBinaries(), account, () =>
    Promise.resolve(folder.path),
  );
  chmodSync(folder.path, 0o755);
  if (account !== undefined) chownSync(folder.path, account.uid, account.gid);
  const data = join(folder.path, 'data');
  const port = await freePort();
  const done = async (program: string, ...args: readonly string[]): Promise<void> => {
    const { ok, output } = await run(program, args, account);
    if (!ok) throw new Error(`${program} ${args.join(' ')}: ${output}`);
  };
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=100`;
  const log = join(folder.path, 'log');
  const start = (): Promise<void> => done(pgCtl, '-D', data, '-o', settings, '-l', log, '-w', 'start');
  const stop = (mode: 'fast' | 'immediate'): Promise<void> => done(pgCtl, '-D', data, '-m', mode, '-w', 'stop');
  await done(initdb, '-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8');
  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stopAtOnce: () => stop('immediate'),
    start,
    remove: async () => {
      await stop('fast');
      folder.remove();
    },
  };
}
