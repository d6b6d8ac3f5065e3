import type { Clock } from '../base/clock.ts';
import { isCoded } from '../base/coded-error.ts';
import type { Secret } from '../base/secret.ts';
import type { MaintainxClient, Organization } from '../maintainx/index.ts';

/** What an API key is good for. */
export interface KeyTrial {
  /** Those that it sees. */
  readonly organizations: readonly Organization[];
  /** How far our clock is ahead of MaintainX's, milliseconds, at least so much; 0: they agree to the second. Null: it does not tell. */
  readonly clockAheadMs: number | null;
}

/** MaintainX tells its time to the second. */
const PRECISION_MS = 1_000;

/** Asks MaintainX with a key that no connection has yet: two requests. Rejects with `maintainx-unauthorized` when it is refused. */
export async function tryKey(
  clientWith: (apiKey: Secret) => MaintainxClient,
  apiKey: Secret,
  clock: Pick<Clock, 'now'>,
): Promise<KeyTrial> {
  const client = clientWith(apiKey);
  const organizations = await client.organizations();
  const before = clock.now();
  // A key of several organisations has to name one here: then the clock is for `doctor` to look at.
  const serverTime = organizations.length === 1 ? await serverTimeOf(client) : null;
  return { organizations, clockAheadMs: serverTime === null ? null : aheadOf(serverTime, before, clock.now()) };
}

/** Null: it is not told, or the key may not read what was asked for. */
async function serverTimeOf(client: MaintainxClient): Promise<number | null> {
  try {
    return (await client.list('category', { limit: 1 })).serverTime;
  } catch (error) {
    if (!isCoded(error)) throw error;
    return null;
  }
}

/** Positive: ours is ahead. The answer was made between `before` and `after`. */
export function aheadOf(serverTime: number, before: number, after: number): number {
  if (before > serverTime + PRECISION_MS) return before - serverTime - PRECISION_MS;
  if (serverTime > after) return after - serverTime;
  return 0;
}
