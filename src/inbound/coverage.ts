import { kindEntry, LIMITS, type HookEvent, type Kind } from '../maintainx/index.ts';
import { effectiveSettings } from './intervals.ts';
import { nestedNotices, noticesOf, type Delays, type Notice, type Reach } from './notice.ts';
import type { PullSettings } from './settings.ts';
import {
  checksPerHour,
  copiedReaches,
  intervalsOf,
  recordsOf,
  rereadWorstMs,
  sum,
  sweepWorstMs,
  upkeepCost,
  walkMsOf,
  type Intervals,
  type Plant,
  type UpkeepTimes,
} from './upkeep.ts';

export interface CoverageInput {
  readonly settings: PullSettings;
  /** The installation's. */
  readonly times: UpkeepTimes;
  /** Living records per kind. */
  readonly records: ReadonlyMap<Kind, number>;
  /** Webhooks that are subscribed. */
  readonly hooks: readonly HookEvent[];
  /** What we may send in a minute; 0: no limit. */
  readonly requestsPerMinute: number;
  /** Single reads an hour that changes cause at present; absent: nothing changes. */
  readonly readsPerHour?: ReadonlyMap<Kind, number>;
}

/** Requests an hour. */
export interface Cost {
  readonly poll: number;
  readonly sweep: number;
  readonly reread: number;
  /** Single reads that changes cause. */
  readonly reads: number;
  readonly total: number;
  /** Of what we may send; null: no limit. */
  readonly share: number | null;
}

/** How changes of one kind become known, and what that costs. */
export interface KindCoverage {
  readonly kind: Kind;
  readonly records: number;
  readonly notices: readonly Notice[];
  readonly cost: Cost;
}

/** How changes of every copied kind become known once the first copy is made. Lengths are milliseconds. */
export interface Coverage {
  readonly kinds: readonly KindCoverage[];
  readonly intervals: Intervals;
  /** How long a sweep takes with what polling leaves of the quota. */
  readonly walkMs: number;
  readonly total: Cost & { readonly subscriptions: number };
  /** Requests an hour while nothing changes. */
  readonly idle: number;
  readonly idleShare: number | null;
  /** What we may send in an hour; null: no limit. */
  readonly quotaPerHour: number | null;
}

/** The map of a tenant, with sweeps and re-reads as seldom as the upkeep's share makes them. Pure. */
export function coverageOf(input: CoverageInput): Coverage {
  const { requestsPerMinute, hooks, times, readsPerHour } = input;
  // As the engine paces itself: looks at subscriptions are the guardian's, and hardly any.
  const settings = effectiveSettings(input.settings, times, { ...input, subscriptions: 0 });
  const plant: Plant = { ...input, settings, subscriptions: hooks.length };
  const intervals = intervalsOf(settings, times);
  const walkMs = walkMsOf(plant, intervals.pollMs);
  const quotaPerHour = requestsPerMinute === 0 ? null : requestsPerMinute * 60;
  const reaches = copiedReaches(settings);
  const kinds = reaches.map((reach): KindCoverage => {
    const records = recordsOf(plant, reach.kind);
    const upkeep = upkeepCost(reach, records, intervals, walkMs);
    const cost = costOf({ ...upkeep, reads: readsPerHour?.get(reach.kind) ?? 0 }, quotaPerHour);
    return { kind: reach.kind, records, notices: noticesIn(reach, reaches, input, intervals, walkMs), cost };
  });
  const subscriptions = checksPerHour(plant);
  const parts = (of: keyof Parts): number => sum(kinds, ({ cost }) => cost[of]);
  const all = { poll: parts('poll'), sweep: parts('sweep'), reread: parts('reread'), reads: parts('reads') };
  const idle = all.poll + all.sweep + all.reread + subscriptions;
  return {
    kinds,
    intervals,
    walkMs,
    total: { ...costOf(all, quotaPerHour, subscriptions), subscriptions },
    idle,
    idleShare: quotaPerHour === null ? null : idle / quotaPerHour,
    quotaPerHour,
  };
}

type Parts = Pick<Cost, 'poll' | 'sweep' | 'reread' | 'reads'>;

function costOf(parts: Parts, quotaPerHour: number | null, more = 0): Cost {
  const total = parts.poll + parts.sweep + parts.reread + parts.reads + more;
  return { ...parts, total, share: quotaPerHour === null ? null : total / quotaPerHour };
}

function noticesIn(
  reach: Reach,
  reaches: readonly Reach[],
  input: CoverageInput,
  intervals: Intervals,
  walkMs: number,
): readonly Notice[] {
  const entry = kindEntry(reach.kind);
  if (entry.nesting === undefined)
    return noticesOf(
      reach,
      delaysOf(entry.kind, input, intervals, walkMs),
      input.hooks,
      input.settings.details === 'all',
    );
  const { parent, withParent } = entry.nesting;
  const { waitMs, rereadMs } = delaysOf(withParent ? parent : entry.kind, input, intervals, walkMs);
  const above = reaches.find(({ kind }) => kind === parent);
  const notices = above === undefined ? [] : noticesIn(above, [], input, intervals, walkMs);
  return nestedNotices(entry, { waitMs, rereadMs, parent: notices }, input.hooks);
}

/** A request that is urgent goes out with the next rate window at the latest. */
const WINDOW_MS = LIMITS.requestsOfUser.per * 1000;

function delaysOf(kind: Kind, { requestsPerMinute }: CoverageInput, intervals: Intervals, walkMs: number): Delays {
  const reread = intervals.rereadMs.get(kind);
  return {
    waitMs: requestsPerMinute === 0 ? 0 : WINDOW_MS,
    pollMs: intervals.pollMs,
    sweepMs: sweepWorstMs(intervals.sweepMs, walkMs),
    rereadMs: reread === undefined ? null : rereadWorstMs(reread, intervals.pollMs, walkMs),
  };
}
