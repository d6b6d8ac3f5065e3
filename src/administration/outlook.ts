import {
  coverageOf,
  missedHooks,
  readCoverageInput,
  subscribedSince,
  subscribedEverywhere,
  WANTED_EVENTS,
  type Coverage,
  type UpkeepTimes,
} from '../inbound/index.ts';
import type { Database } from '../postgres/index.ts';
import type { Outlook } from '../projections/index.ts';
import { transactWhole } from '../store/index.ts';

export interface OutlookOptions {
  readonly database: Database;
  readonly times: UpkeepTimes;
  readonly requestsPerMinute: (quotaShare: number | null) => number;
}

const DAY_MS = 24 * 3_600_000;
/** So many of the last events are looked at. */
const TAIL = 10_000;
/** A webhook may still come. */
const LATE_MS = 10 * 60_000;

/** How completely a tenant's changes become known: by which webhooks, how late at worst, and how many webhooks never came. */
export const outlookOf = ({ database, ...options }: OutlookOptions, tenantId: string, now: number): Promise<Outlook> =>
  transactWhole(database, tenantId, async (inbound, whole) => {
    const hooks = await subscribedEverywhere(whole);
    const map = coverageOf(await readCoverageInput(inbound, { ...options, organizationId: null, hooks, now }));
    const counter = missedHooks({
      subscribedSince: await subscribedSince(whole),
      from: now - DAY_MS,
      until: now - LATE_MS,
    });
    const lastSeq = await inbound.log.lastSeq();
    for (const event of await inbound.log.read(Math.max(0, lastSeq - TAIL), TAIL)) counter.add(event);
    const counts = counter.counts();
    const sum = (of: 'happened' | 'told'): number => counts.reduce((all, one) => all + one[of], 0);
    return {
      at: now,
      kinds: map.kinds.length,
      hooks: hooks.length,
      hooksWanted: WANTED_EVENTS.length,
      worstMs: worstOf(map, hooks.length > 0),
      happened: sum('happened'),
      told: sum('told'),
    };
  });

/** Null: some change of a copied kind never becomes known. */
function worstOf({ kinds }: Coverage, hasHooks: boolean): number | null {
  const all = kinds.flatMap(({ notices }) =>
    notices.map((one) => (hasHooks ? one.withWebhooksMs : one.withoutWebhooksMs) ?? Infinity),
  );
  const worst = Math.max(0, ...all);
  return Number.isFinite(worst) ? worst : null;
}
