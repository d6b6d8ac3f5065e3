import pg from 'pg';
import { failed, reasonOf } from './failure.ts';
import type { Place } from './place.ts';
import { holderOf, readPostmasterFile, removePostmasterFile, type Holder } from './postmaster.ts';
import { openSession, servesCluster, type Session } from './session.ts';

/** `absent` means that one may be started; `unsettled` that somebody is there who does not let us in yet. */
export type Found =
  | { readonly state: 'serving'; readonly session: Session }
  | { readonly state: 'absent'; readonly lastPort?: number | undefined }
  | { readonly state: 'unsettled'; readonly why: string };

/** A server listens from its first moment to its last, so a port that stays closed this long is not a server's. */
const SILENCE_MS = 10_000;
const WRONG_PASSWORD = '28P01';

/**
 * Looks whether the server of `place` runs, which only the server itself can prove. `waited` says for how many
 * milliseconds the caller has been asking. A file left by a killed server whose pid is somebody else's now is removed,
 * for PostgreSQL would take that process for its own; if the pid is nobody's, PostgreSQL itself sees to it.
 */
export async function findServer(place: Place, waited: number): Promise<Found> {
  const file = await readPostmasterFile(place.cluster);
  if (file === undefined) return { state: 'absent' };
  // Processes that outlived a killed server find the next one at the same address. Not in a copy of a folder: there
  // the address is the original's.
  const absent: Found = { state: 'absent', lastPort: file.directory === place.cluster ? file.port : undefined };
  const holder = await holderOf(file.pid, place.cluster);
  if (holder === 'nobody') return absent;
  const answer =
    holder === 'stranger'
      ? 'not-ours'
      : await ask(place, file.port, holder, holder === 'unknown' && waited > SILENCE_MS);
  if (answer !== 'not-ours') return answer;
  await removePostmasterFile(place.cluster);
  return absent;
}

async function ask(
  place: Place,
  port: number | undefined,
  holder: Holder,
  silenceIsProof: boolean,
): Promise<Found | 'not-ours'> {
  if (port === undefined) return { state: 'unsettled', why: 'it is starting' };
  const answer = await tryToJoin(place, port);
  if (typeof answer !== 'string') return { state: 'serving', session: answer };
  if (answer === 'stranger' && holder === 'server')
    throw failed(`the server that runs on ${place.cluster} does not accept the password in postgres.json`);
  return answer === 'stranger' || silenceIsProof ? 'not-ours' : { state: 'unsettled', why: answer };
}

/** A session, or `stranger` when another server answers, or why nobody lets us in. */
async function tryToJoin(place: Place, port: number): Promise<Session | string> {
  try {
    return (await rejoin(place, port)) ?? 'stranger';
  } catch (error) {
    return error instanceof pg.DatabaseError && error.code === WRONG_PASSWORD ? 'stranger' : reasonOf(error);
  }
}

/** Opens a session with the server of `place` at a known port; undefined when another server has that port now. */
export async function rejoin(place: Place, port: number): Promise<Session | undefined> {
  const session = await openSession(port, place.password);
  if (await servesCluster(session, place.cluster)) return session;
  await session.client.end();
  return undefined;
}
