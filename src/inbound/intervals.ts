import type { Kind } from '../maintainx/index.ts';
import type { PullSettings } from './settings.ts';
import {
  HOUR_MS,
  intervalsOf,
  rereadWorstMs,
  sweepWorstMs,
  upkeepOf,
  walkMsOf,
  type Intervals,
  type Plant,
  type UpkeepTimes,
} from './upkeep.ts';
import { REREAD_PASS } from './reread.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Within what an interval may be chosen; milliseconds. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Bounds of all intervals that can be chosen. */
export interface AllBounds {
  readonly sweep: Bounds;
  readonly reread: ReadonlyMap<Kind, Bounds>;
}

export const SWEEP_BOUNDS: Bounds = { least: 5 * MINUTE_MS, most: 7 * DAY_MS };
export const REREAD_BOUNDS: Bounds = { least: 5 * MINUTE_MS, most: 90 * DAY_MS };

/**
 * How much more a stale list row weighs than a stale field that only a single read shows: an hour against a day, as the
 * installation's own intervals have it.
 */
const SWEEP_WEIGHT = 24;

/**
 * The intervals within `bounds` that keep upkeep at or below `mostPerHour` with the least weighted worst staleness; null:
 * not even the longest do. More to spend never makes any interval longer. Pure.
 */
export function chooseIntervals(
  plant: Plant,
  pollMs: number,
  bounds: AllBounds,
  mostPerHour: number,
): Intervals | null {
  const walkMs = walkMsOf(plant, pollMs);
  const at = (staleness: number): Intervals => intervalsAt(staleness, { pollMs, walkMs, bounds });
  const isPaid = (staleness: number): boolean => upkeepOf(plant, at(staleness), walkMs) <= mostPerHour;
  // Staleness of a single-read field; that of list rows is so many times less. Halved until it makes no difference.
  let [tooDear, paid] = [0, LONGEST_MS];
  if (!isPaid(paid)) return null;
  while (paid - tooDear > 1) {
    const middle = (tooDear + paid) / 2;
    if (isPaid(middle)) paid = middle;
    else tooDear = middle;
  }
  return at(paid);
}

/** At this weighted staleness every interval is at its upper bound. */
const LONGEST_MS = SWEEP_WEIGHT * 400 * DAY_MS;

interface Choice {
  readonly pollMs: number;
  readonly walkMs: number;
  readonly bounds: AllBounds;
}

function intervalsAt(staleness: number, { pollMs, walkMs, bounds }: Choice): Intervals {
  const sweep = staleness / SWEEP_WEIGHT - sweepWorstMs(0, walkMs);
  const reread = (staleness - rereadWorstMs(0, pollMs, walkMs)) / REREAD_PASS;
  return {
    pollMs,
    sweepMs: within(bounds.sweep, sweep),
    rereadMs: new Map([...bounds.reread].map(([kind, one]) => [kind, within(one, reread)])),
  };
}

/** Whole minutes, rounded up, so that people can read it and it costs no more. */
const within = ({ least, most }: Bounds, ms: number): number =>
  Math.min(most, Math.max(least, Math.ceil(ms / MINUTE_MS) * MINUTE_MS));

/**
 * The settings with all intervals filled in: the tenant's own where he has set them; else the installation's, longer
 * where upkeep would take more than its share of the quota. Pure.
 */
export function effectiveSettings(
  settings: PullSettings,
  times: UpkeepTimes,
  plant: Omit<Plant, 'settings'>,
): PullSettings {
  const asSet = intervalsOf(settings, times);
  const { pollMs } = asSet;
  const most = (plant.requestsPerMinute * 60 * times.upkeepShare) / 100;
  const bounds = {
    sweep: stretchable(asSet.sweepMs, settings.sweepIntervalMs !== null, SWEEP_BOUNDS),
    reread: new Map(
      [...asSet.rereadMs].map(([kind, ms]) => [
        kind,
        stretchable(ms, settings.rereadMs[kind] !== undefined, REREAD_BOUNDS),
      ]),
    ),
  };
  const chosen =
    plant.requestsPerMinute === 0
      ? asSet
      : (chooseIntervals({ ...plant, settings }, pollMs, bounds, most) ?? longest(pollMs, bounds));
  return {
    ...settings,
    sweepIntervalMs: chosen.sweepMs,
    rereadMs: { ...settings.rereadMs, ...Object.fromEntries(chosen.rereadMs) },
  };
}

/** What the tenant has set stays; what the installation says may become longer. */
const stretchable = (ms: number, isTenants: boolean, { most }: Bounds): Bounds => ({
  least: ms,
  most: isTenants ? ms : Math.max(ms, most),
});

const longest = (pollMs: number, { sweep, reread }: AllBounds): Intervals => ({
  pollMs,
  sweepMs: sweep.most,
  rereadMs: new Map([...reread].map(([kind, { most }]) => [kind, most])),
});

/** Between two sweeps, if `recordCounts` records are kept within the upkeep's share of the quota. Pure. */
export function effectiveSweepInterval(
  settings: PullSettings,
  times: UpkeepTimes,
  recordCounts: ReadonlyMap<Kind, number>,
  requestsPerMinute: number,
): number {
  const plant = { records: recordCounts, requestsPerMinute, subscriptions: 0 };
  return effectiveSettings(settings, times, plant).sweepIntervalMs ?? times.sweepIntervalMs;
}
