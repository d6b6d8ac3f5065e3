import type { Session } from './session.ts';

/** While it lasts, the server knows that this process needs it. It keeps no process alive and crashes none. */
export interface Presence {
  /** Ends it. Says whether somebody else is there; `gone` when the server is. Call it under the lock. */
  leave(): Promise<'last' | 'others' | 'gone'>;
}

/** Advisory locks belong to a database, and nobody else takes any in `postgres`. */
const KEY = 1;
const FIRST_RETRY_MS = 50;
const RETRY_MS = 1_000;

/**
 * Holds a shared lock in a session. The lock vanishes with the session, so a process that dies leaves nothing behind;
 * when the session dies without the process (one backend killed ends them all), `reopen` is asked for another one.
 */
export async function bePresent(first: Session, reopen: () => Promise<Session | undefined>): Promise<Presence> {
  const presence = new HeldPresence(reopen);
  await presence.hold(first);
  return presence;
}

class HeldPresence implements Presence {
  readonly #reopen: () => Promise<Session | undefined>;
  #session: Session | undefined;
  /** A return that is under way or over. */
  #return: Promise<void> | undefined;
  #left = false;

  constructor(reopen: () => Promise<Session | undefined>) {
    this.#reopen = reopen;
  }

  async hold(session: Session): Promise<void> {
    await session.client.query('select pg_advisory_lock_shared($1)', [KEY]);
    session.client.once('end', () => this.#lost());
    session.keepAlive(false);
    this.#session = session;
  }

  async leave(): Promise<'last' | 'others' | 'gone'> {
    this.#left = true;
    await this.#return;
    const session = this.#session ?? (await this.#reopen().catch(() => undefined));
    if (session === undefined) return 'gone';
    session.keepAlive(true);
    try {
      await session.client.query('select pg_advisory_unlock_all()');
      const { rows } = await session.client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [
        KEY,
      ]);
      return rows[0]?.alone === true ? 'last' : 'others';
    } catch {
      return 'gone';
    } finally {
      await session.client.end().catch(() => undefined);
    }
  }

  #lost(): void {
    this.#session = undefined;
    if (!this.#left) this.#retryIn(FIRST_RETRY_MS);
  }

  #retryIn(delay: number): void {
    // Unlike a sleep, this does not keep the process alive.
    AbortSignal.timeout(delay).addEventListener('abort', () => {
      if (!this.#left) this.#return = this.#comeBack();
    });
  }

  async #comeBack(): Promise<void> {
    try {
      const session = await this.#reopen();
      if (session === undefined) this.#retryIn(RETRY_MS);
      else await this.hold(session);
    } catch {
      this.#retryIn(RETRY_MS);
    }
  }
}
