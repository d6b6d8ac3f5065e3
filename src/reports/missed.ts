import type { Clock } from '../base/clock.ts';
import { missedHooks, subscribedSince, type HookCount, type InboundStore } from '../inbound/index.ts';
import type { Database } from '../postgres/index.ts';

export interface MissedPorts {
  readonly database: Database;
  readonly store: InboundStore;
  readonly clock: Pick<Clock, 'now'>;
}

const DAY_MS = 24 * 3_600_000;
/** A webhook that is not here by then counts as missed; it may still come, and then it does not. */
export const LATE_MS = 15 * 60_000;
const PAGE = 1_000;

/**
 * Webhooks that came and that never came, by kind and day (UTC). Reads the tenant's log from its start: what is counted may have
 * been told long after it happened.
 */
export async function missedOf(
  { database, store, clock }: MissedPorts,
  tenantId: string,
  days: number,
): Promise<readonly HookCount[]> {
  const now = clock.now();
  const since = await database.withTenant(tenantId, subscribedSince);
  const missed = missedHooks({ subscribedSince: since, from: now - days * DAY_MS, until: now - LATE_MS });
  for (let after = 0; ;) {
    const from = after;
    const events = await store.transact(tenantId, (tx) => tx.log.read(from, PAGE));
    for (const event of events) missed.add(event);
    after = events.at(-1)?.seq ?? after;
    if (events.length < PAGE) return missed.counts();
  }
}
