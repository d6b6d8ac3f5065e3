import { spawn } from 'node:child_process';
import { systemClock } from '../../base/clock.ts';

/** A user of the machine under whom PostgreSQL's programs run. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Outcome {
  readonly ok: boolean;
  /** What the program printed, both streams; or why it could not be run. */
  readonly output: string;
}

/** Nothing is inherited: a PGDATA, PGPORT or LC_ALL of the caller must not steer the server. */
const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C',
  LC_ALL: 'C',
};
const TIME_LIMIT_MS = 180_000;
/** A server started on Windows inherits the pipes, so they may stay open after the program that started it has ended. */
const LAST_WORDS_MS = 200;

/** Runs a program to its end, as `account` where one is given (then without any of root's groups). Never rejects. */
export function run(program: string, args: readonly string[], account: Account | undefined): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      // The caller's folder may be closed to the account.
      cwd: '/',
      env: ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Not `timeout`: its timer would keep this process alive after a program that cannot be started.
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
      windowsHide: true,
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    });
    const printed: Buffer[] = [];
    const end = (ok: boolean): void => {
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ ok, output: Buffer.concat(printed).toString('utf8') });
    };
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => printed.push(chunk));
    child.on('error', (error) => {
      printed.push(Buffer.from(error.message));
      end(false);
    });
    const closed = new AbortController();
    child.on('close', () => closed.abort());
    child.on('exit', (code) => void systemClock.sleep(LAST_WORDS_MS, closed.signal).then(() => end(code === 0)));
  });
}
