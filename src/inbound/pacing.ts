import type { Clock } from '../base/clock.ts';
import type { Kind } from '../maintainx/index.ts';
import type { Site } from './engine.ts';
import { effectiveSettings } from './intervals.ts';
import type { InboundTransaction } from './port.ts';
import type { PullSettings } from './settings.ts';
import type { UpkeepTimes } from './upkeep.ts';

/** How long counts of records are believed: counting a large plant takes a while. */
const COUNTED_FOR_MS = 600_000;

/** Settles how often a tenant is swept and its records are read again, so that upkeep keeps to its share of the quota. */
export interface Pacing {
  /** The tenant's settings with all intervals filled in. */
  readonly settings: (tx: InboundTransaction, site: Site) => Promise<PullSettings>;
}

export function createPacing(clock: Clock, times: UpkeepTimes): Pacing {
  const counted = new Map<string, { readonly records: ReadonlyMap<Kind, number>; readonly until: number }>();

  async function recordsOf(tx: InboundTransaction, site: Site): Promise<ReadonlyMap<Kind, number>> {
    const known = counted.get(site.connectionId);
    if (known !== undefined && known.until > clock.now()) return known.records;
    const records = new Map((await tx.records.counts(site.organizationId)).map(({ kind, living }) => [kind, living]));
    counted.set(site.connectionId, { records, until: clock.now() + COUNTED_FOR_MS });
    return records;
  }

  return {
    settings: async (tx, site) => {
      const { requestsPerMinute } = site;
      const settings = await tx.settings.read();
      if (requestsPerMinute === 0) return settings;
      const records = await recordsOf(tx, site);
      return effectiveSettings(settings, times, { records, requestsPerMinute, subscriptions: 0 });
    },
  };
}
