import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What a server writes into its data directory while it runs, and leaves there when it is killed. */
export interface PostmasterFile {
  readonly pid: number;
  /** As the server knew it when it started; the folder may have been moved since. */
  readonly directory: string;
  /** Undefined in the first moments of a start. */
  readonly port: number | undefined;
}

const pathIn = (cluster: string): string => join(cluster, 'postmaster.pid');

export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(pathIn(cluster), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const [pid = '', directory = '', , port = ''] = text.split('\n');
  return { pid: Number(pid), directory, port: Number(port) > 0 ? Number(port) : undefined };
}

export async function removePostmasterFile(cluster: string): Promise<void> {
  await rm(pathIn(cluster), { force: true });
}

/**
 * Who has the pid that a postmaster file names: nobody, a process that certainly is not the server of `cluster` (pids
 * are used again, in containers even the same ones after each start), that server, or one that cannot be told.
 */
export type Holder = 'nobody' | 'stranger' | 'server' | 'unknown';

export async function holderOf(pid: number, cluster: string): Promise<Holder> {
  if (!Number.isInteger(pid) || pid <= 0) return 'nobody';
  const signal = trySignal(pid);
  if (signal === 'ESRCH') return 'nobody';
  if (process.platform === 'linux') return judgeByProc(pid, cluster);
  // Without root, our server has our own user, so one that we may not signal is not it.
  return signal === 'EPERM' ? 'stranger' : 'unknown';
}

async function judgeByProc(pid: number, cluster: string): Promise<Holder> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (status === undefined) return 'unknown';
  const parsed = /^\d+ \((.*)\) (\S)/s.exec(status);
  // A zombie: where the first process does not reap (node in a container), a killed server stays as one for ever.
  if (parsed?.[2] === 'Z' || parsed?.[2] === 'X') return 'stranger';
  if (parsed?.[1] !== 'postgres') return 'stranger';
  return servesFrom(`/proc/${pid}/cwd`, cluster);
}

/** A server works in its data directory; compared as folders, because paths change when a parent is moved. */
async function servesFrom(workingFolder: string, cluster: string): Promise<Holder> {
  try {
    const [theirs, ours] = await Promise.all([stat(workingFolder), stat(cluster)]);
    return theirs.dev === ours.dev && theirs.ino === ours.ino ? 'server' : 'stranger';
  } catch {
    return 'unknown'; // another user's process, in a container without the right to look
  }
}

function trySignal(pid: number): 'ok' | 'EPERM' | 'ESRCH' {
  try {
    process.kill(pid, 0);
    return 'ok';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? 'EPERM' : 'ESRCH';
  }
}
