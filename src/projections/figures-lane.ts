import type { Clock } from '../base/clock.ts';
import { fenceLease, type LaneWork } from '../jobs/index.ts';
import type { Database } from '../postgres/index.ts';
import { refreshFigures } from './figures.ts';

/** What waits grows old without a word in the log: so it is looked at now and then. */
const LOOK_EVERY_MS = 5 * 60_000;

/** Keeps one tenant's figures up with its log. Whoever appends wakes it. */
export function figuresWork({ database, clock }: { readonly database: Database; readonly clock: Clock }): LaneWork {
  return async (lease) => {
    await database.withTenant(lease.tenantId, async (tx) => {
      await fenceLease(tx, lease);
      await refreshFigures(tx, clock.now());
    });
    return clock.now() + LOOK_EVERY_MS;
  };
}
