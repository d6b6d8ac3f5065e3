import { chmod } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../base/clock.ts';
import { failed } from './failure.ts';

const SQLITE_BUSY = 5;
const POLL_MS = 20;
/** Longer than anything that is done under the lock. */
const LIMIT_MS = 300_000;

/** Keeps the garbage collector from giving up a lock whose work nothing refers to. */
const held = new Set<DatabaseSync>();

/**
 * Runs `work` while nobody else on this machine, in this process or another, is inside a `withLock` on the same file.
 *
 * Node has no flock. An empty SQLite file brings the operating system's own file locks: they vanish with the process,
 * however it dies, so there is no stale lock to recognise, no pid that was reused and nothing to steal.
 */
export async function withLock<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const lock = await acquire(file);
  held.add(lock);
  try {
    return await work();
  } finally {
    held.delete(lock);
    lock.close();
  }
}

async function acquire(file: string): Promise<DatabaseSync> {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    // Whoever can read the file can lock it.
    await chmod(file, 0o600);
    const begun = systemClock.now();
    while (!tryLock(lock)) {
      if (systemClock.now() - begun > LIMIT_MS)
        throw failed(`another process has been starting or stopping the database for minutes (it holds ${file})`);
      await systemClock.sleep(POLL_MS);
    }
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

function tryLock(lock: DatabaseSync): boolean {
  try {
    lock.exec('begin exclusive');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
