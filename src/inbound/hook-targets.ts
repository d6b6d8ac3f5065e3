import { raise } from '../errors.ts';
import type { Database } from '../postgres/index.ts';
import type { Vault } from '../vault/index.ts';
import { hookTarget, ownerOfHookKey, type HookTarget } from './subscriptions.ts';

/** How long a key's target, or its absence, is believed without asking the database. */
const KNOWN_MS = 60_000;
const UNKNOWN_MS = 1_000;
/** Keys remembered; strangers must not fill the memory with keys of their own invention. */
const MOST_KEYS = 10_000;

/** What a hook key leads to; undefined: nothing. */
export type HookTargets = (hookKey: string) => Promise<HookTarget | undefined>;

export function cachedHookTargets(database: Database, vault: Vault, now: () => number): HookTargets {
  const known = new Map<string, { readonly target: HookTarget | undefined; readonly until: number }>();

  async function load(hookKey: string): Promise<HookTarget | undefined> {
    const owner = await ownerOfHookKey(database.directory, hookKey);
    if (owner === undefined) return undefined;
    const target = await database.withTenant(owner.tenantId, (tx) => hookTarget(tx, vault, owner.subscriptionId));
    if (target === undefined) throw raise('hook-not-ready', 'the secret of this webhook subscription is still to come');
    return target;
  }

  return async (hookKey) => {
    const cached = known.get(hookKey);
    if (cached !== undefined && cached.until > now()) return cached.target;
    const target = await load(hookKey);
    if (known.size >= MOST_KEYS) known.clear();
    known.set(hookKey, { target, until: now() + (target === undefined ? UNKNOWN_MS : KNOWN_MS) });
    return target;
  };
}
