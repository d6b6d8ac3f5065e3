import { raise } from '../errors.ts';
import type { Database } from '../postgres/index.ts';
import type { Vault } from '../vault/index.ts';
import { hookTarget, ownerOfHookKey, type HookTarget } from './subscriptions.ts';

/** How long a key's target, or its absence, is believed without asking the database. */
export const HOOK_KEYS_KNOWN_MS = 60_000;
/** So long before that the database is asked anew, and no webhook waits for it. */
const RENEWED_BEFORE_MS = 20_000;
const UNKNOWN_MS = 5_000;
/** Keys of nobody that are remembered: strangers must not fill the memory with keys of their own invention. */
const MOST_UNKNOWN = 10_000;
/** Keys that are looked up at once: strangers must not take the database's connections from what is to be stored. */
const MOST_LOOKUPS = 4;
const MOST_WAITING = 1_000;

/** What a hook key leads to; undefined: nothing. */
export type HookTargets = (hookKey: string) => Promise<HookTarget | undefined> | HookTarget;

/** Keys that lead somewhere are remembered apart: no flood of invented ones drives them out. */
export function cachedHookTargets(database: Database, vault: Vault, now: () => number): HookTargets {
  const known = new Map<string, { readonly target: HookTarget; readonly until: number }>();
  const unknown = new Map<string, number>();
  const coming = new Map<string, Promise<HookTarget | undefined>>();
  const inTurn = turns(MOST_LOOKUPS, MOST_WAITING);

  async function load(hookKey: string): Promise<HookTarget | undefined> {
    const owner = await ownerOfHookKey(database.directory, hookKey);
    if (owner === undefined) {
      known.delete(hookKey);
      forgetOldest(unknown, MOST_UNKNOWN);
      unknown.set(hookKey, now() + UNKNOWN_MS);
      return undefined;
    }
    const target = await database.withTenant(owner.tenantId, (tx) => hookTarget(tx, vault, owner.subscriptionId));
    if (target === undefined) throw raise('hook-not-ready', 'the secret of this webhook subscription is still to come');
    known.set(hookKey, { target, until: now() + HOOK_KEYS_KNOWN_MS });
    return target;
  }

  function lookUp(hookKey: string): Promise<HookTarget | undefined> {
    const loading = coming.get(hookKey) ?? inTurn(() => load(hookKey)).finally(() => coming.delete(hookKey));
    coming.set(hookKey, loading);
    return loading;
  }

  return (hookKey) => {
    const cached = known.get(hookKey);
    const left = (cached?.until ?? 0) - now();
    if (cached !== undefined && left > 0) {
      // When that fails, the next webhook tries again; once the time is over, it waits and hears of the trouble.
      if (left < RENEWED_BEFORE_MS && !coming.has(hookKey)) void lookUp(hookKey).catch(() => undefined);
      return cached.target;
    }
    if ((unknown.get(hookKey) ?? 0) > now()) return Promise.resolve(undefined);
    return lookUp(hookKey);
  };
}

/** Maps keep the order in which keys were set. */
function forgetOldest(keys: Map<string, number>, most: number): void {
  for (const key of keys.keys()) {
    if (keys.size < most) return;
    keys.delete(key);
  }
}

/** Runs so many at once and lets so many wait; whoever is beyond that is refused with `intake-full`. */
function turns(most: number, mostWaiting: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) {
      if (waiting.length >= mostWaiting) throw raise('intake-full', 'too many unknown keys are looked up');
      await new Promise<void>((resolve) => void waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
