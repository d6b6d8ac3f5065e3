import type { Clock } from '../base/clock.ts';
import {
  readCoverageInput,
  subscriptionsOf,
  WANTED_EVENTS,
  type CoverageInput,
  type InboundStore,
  type UpkeepTimes,
} from '../inbound/index.ts';
import type { HookEvent } from '../maintainx/index.ts';
import type { Database } from '../postgres/index.ts';
import { connectionMeant } from '../tenants/index.ts';

export interface CoveragePorts {
  readonly database: Database;
  readonly store: InboundStore;
  readonly clock: Pick<Clock, 'now'>;
  /** The installation's. */
  readonly times: UpkeepTimes;
  /** What a key may send in a minute with a share of its user's quota (percent; null: the installation's); 0: no limit. */
  readonly requestsPerMinute: (quotaShare: number | null) => number;
}

/** What an organisation's coverage map is made from (undefined: the only one's), and which webhooks are subscribed. Where none is, the map shows what they would bring. */
export async function coverageInput(
  { database, store, clock, times, requestsPerMinute }: CoveragePorts,
  tenantId: string,
  asked: string | undefined,
): Promise<{ readonly input: CoverageInput; readonly subscribed: readonly HookEvent[] }> {
  const { organizationId, all } = await database.withTenant(tenantId, async (tx) => {
    const meant = await connectionMeant(tx, asked);
    return { organizationId: meant.organizationId, all: await subscriptionsOf(tx, meant.connectionId) };
  });
  const subscribed = all.filter(({ state }) => state === 'active').map(({ eventType }) => eventType);
  const hooks = subscribed.length === 0 ? WANTED_EVENTS : subscribed;
  const around = { organizationId, times, hooks, requestsPerMinute, now: clock.now() };
  return { input: await store.transact(tenantId, (tx) => readCoverageInput(tx, around)), subscribed };
}
