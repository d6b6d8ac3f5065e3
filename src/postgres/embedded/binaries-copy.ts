import { chmod, cp, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemClock } from '../../base/clock.ts';

const MAKING = 'copying-';
/** A copy takes a second; one that is this old was killed. */
const ABANDONED_MS = 3_600_000;

/**
 * Copies the binaries to `to`, which appears at once and complete, after `finish` has completed and tried the copy.
 * Processes that do so at the same time end with one copy; what is there and does not pass `works` is replaced.
 */
export async function copyBinaries(
  from: string,
  to: string,
  finish: (copy: string) => Promise<void>,
  works: (copy: string) => Promise<boolean>,
): Promise<void> {
  await removeAbandoned(dirname(to));
  const making = await mkdtemp(join(dirname(to), MAKING));
  try {
    // mkdtemp is private, and the account has to pass.
    await chmod(making, 0o755);
    const copy = join(making, basename(from));
    await cp(from, copy, { recursive: true, verbatimSymlinks: true });
    await openToAll(copy);
    await finish(copy);
    try {
      await rename(copy, to);
    } catch {
      if (await works(to)) return; // another process was faster
      await rename(to, join(making, 'broken'));
      await rename(copy, to);
    }
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Installed under a strict umask, files may be readable by root alone. */
async function openToAll(root: string): Promise<void> {
  await chmod(root, 0o755);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, isProgram(path) ? 0o755 : 0o644);
  }
}

const isProgram = (path: string): boolean => basename(dirname(path)) === 'bin';

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(MAKING)) continue;
    const path = join(folder, name);
    const age = await stat(path).then(
      (found) => systemClock.now() - found.mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}
