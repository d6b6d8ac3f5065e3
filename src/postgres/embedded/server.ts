import { open, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Binaries } from './binaries.ts';
import { systemClock } from '../../base/clock.ts';
import { failed } from './failure.ts';
import { findServer } from './find-server.ts';
import { sharedBuffers } from './memory.ts';
import type { Log, Place } from './place.ts';
import { run } from './program.ts';
import type { Session } from './session.ts';

/** Recovery after a crash, and the rest of a killed server's work, may take this long. */
const START_LIMIT_MS = 180_000;
const STOP_LIMIT_SECONDS = 60;
const POLL_MS = 50;
const LARGEST_LOG = 10 * 1024 * 1024;

/** These pass: somebody took the port, or processes of a killed server have not all ended. */
const PASSING = /Address already in use|pre-existing shared memory block|lock file "[^"]*" already exists/;

/** A session with the server of `place`, which is started if it does not run. Call it under the lock. */
export async function serve(place: Place, binaries: Binaries, log: Log): Promise<Session> {
  const begun = systemClock.now();
  const starts = new Starts(place, binaries);
  for (;;) {
    const waited = systemClock.now() - begun;
    const found = await findServer(place, waited);
    if (found.state === 'serving') {
      const { directory, serverLog } = place;
      if (starts.succeeded) log('started the embedded PostgreSQL', { directory, log: serverLog });
      else log('joined the embedded PostgreSQL that is running', { directory, log: serverLog });
      return found.session;
    }
    if (waited > START_LIMIT_MS)
      throw failed('the embedded PostgreSQL does not come up', found.state === 'unsettled' ? found.why : '');
    if (found.state === 'unsettled' || !(await starts.attempt(found.lastPort))) await systemClock.sleep(POLL_MS);
  }
}

/** The attempts to start one server. */
class Starts {
  readonly #place: Place;
  readonly #binaries: Binaries;
  #failed = false;
  succeeded = false;

  constructor(place: Place, binaries: Binaries) {
    this.#place = place;
    this.#binaries = binaries;
  }

  /** False: to be tried again. Rejects when it failed twice for a reason that does not pass by itself. */
  async attempt(wantedPort: number | undefined): Promise<boolean> {
    const complaint = await start(this.#place, this.#binaries, await freePort(wantedPort));
    this.succeeded = complaint === undefined;
    if (complaint === undefined) return true;
    if (PASSING.test(complaint)) return false;
    if (this.#failed)
      throw failed(`the embedded PostgreSQL does not start; it says (more in ${this.#place.serverLog})`, complaint);
    this.#failed = true;
    return false;
  }
}

/** Starts the server apart from this process, which it outlives. Returns what it said if it did not start. */
async function start(place: Place, binaries: Binaries, port: number): Promise<string | undefined> {
  await limitLog(place.serverLog);
  const logged = await sizeOf(place.serverLog);
  const outcome = await run(
    binaries.pgCtl,
    [
      'start',
      `--pgdata=${place.cluster}`,
      `--log=${place.serverLog}`,
      // Not a setting of the cluster: the folder may move to another machine.
      `--options=-p ${port} -c shared_buffers=${sharedBuffers()}MB`,
      '--wait',
      `--timeout=${START_LIMIT_MS / 1000}`,
    ],
    place.account,
  );
  return outcome.ok ? undefined : `${outcome.output}\n${await textFrom(place.serverLog, logged)}`;
}

/** Stops the server; its clients are disconnected, what they committed is kept. */
export async function stopServer(place: Place, binaries: Binaries): Promise<void> {
  const outcome = await run(
    binaries.pgCtl,
    ['stop', `--pgdata=${place.cluster}`, '--mode=fast', '--wait', `--timeout=${STOP_LIMIT_SECONDS}`],
    place.account,
  );
  if (!outcome.ok && (await findServer(place, 0)).state !== 'absent')
    throw failed('the embedded PostgreSQL does not stop; pg_ctl says', outcome.output);
}

/** `wanted` if nobody listens there, else a port that was free a moment ago. */
async function freePort(wanted: number | undefined): Promise<number> {
  return (wanted === undefined ? undefined : await tryPort(wanted)) ?? (await tryPort(0)) ?? 0;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.on('error', () => resolve(undefined));
    probe.listen({ host: '127.0.0.1', port }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

/** Keeps one older log file, so that a server that is started often does not fill the disk. */
async function limitLog(path: string): Promise<void> {
  if ((await sizeOf(path)) > LARGEST_LOG) await rename(path, `${path}.1`);
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    () => 0,
  );
}

async function textFrom(path: string, offset: number): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { buffer, bytesRead } = await file.read({ position: offset, buffer: Buffer.alloc(64 * 1024) });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
