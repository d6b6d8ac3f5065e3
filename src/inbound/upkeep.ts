import { isListedKind, kindEntry, KINDS, LIMITS, type Kind } from '../maintainx/index.ts';
import type { EngineTimes } from './engine.ts';
import { BELIEVED_MS } from './guardian.ts';
import { reachOf, type Reach } from './notice.ts';
import { REREAD_PASS, rereadIntervalOf } from './reread.ts';
import { kindsIn, type PullSettings } from './settings.ts';

export const HOUR_MS = 3_600_000;

/** What is kept up to date, and within which limit. */
export interface Plant {
  readonly settings: PullSettings;
  /** Living records. */
  readonly records: ReadonlyMap<Kind, number>;
  /** What we may send in a minute; 0: no limit. */
  readonly requestsPerMinute: number;
  /** Webhook subscriptions that are looked after. */
  readonly subscriptions: number;
}

/** How often the engine looks; milliseconds. */
export interface Intervals {
  readonly pollMs: number;
  readonly sweepMs: number;
  /** Of the kinds whose records are read again. */
  readonly rereadMs: ReadonlyMap<Kind, number>;
}

export type UpkeepTimes = Pick<EngineTimes, 'pollIntervalMs' | 'sweepIntervalMs' | 'rereadIntervalMs' | 'upkeepShare'>;

/** Requests an hour to keep one kind up to date while nothing changes. */
export interface UpkeepCost {
  readonly poll: number;
  readonly sweep: number;
  readonly reread: number;
}

/** What the settings and the installation say, before anything is stretched. */
export function intervalsOf(settings: PullSettings, times: UpkeepTimes): Intervals {
  const rereads = copiedReaches(settings).flatMap(({ kind }): [Kind, number][] => {
    const ms = rereadIntervalOf(settings, kind, times.rereadIntervalMs);
    return ms === null ? [] : [[kind, ms]];
  });
  return {
    pollMs: times.pollIntervalMs,
    sweepMs: settings.sweepIntervalMs ?? times.sweepIntervalMs,
    rereadMs: new Map(rereads),
  };
}

/** Kinds that the tenant copies, and how their changes become known. */
export const copiedReaches = (settings: Pick<PullSettings, 'kinds'>): readonly Reach[] => {
  const copied = new Set(kindsIn(settings));
  return REACHES.filter(({ kind }) => copied.has(kind));
};

const REACHES = KINDS.map((kind) => reachOf(kindEntry(kind)));

/** Requests that one sweep makes for a kind. */
function sweepRequests({ kind, isListed }: Reach, records: number): number {
  if (!isListed) return 0;
  const parts = isListedKind(kind) ? (kindEntry(kind).sections?.length ?? 1) : 1;
  return Math.max(parts, Math.ceil(records / LIMITS.pageRows.value));
}

/** What a kind costs. `walkMs`: how long a sweep takes; the next one begins an interval after its end. Pure. */
export function upkeepCost(reach: Reach, records: number, intervals: Intervals, walkMs: number): UpkeepCost {
  const { kind, changesByTime, nesting } = reach;
  const reread = intervals.rereadMs.get(nesting?.withParent === true ? nesting.parent : kind);
  return {
    poll: changesByTime ? HOUR_MS / intervals.pollMs : 0,
    sweep: (sweepRequests(reach, records) * HOUR_MS) / (intervals.sweepMs + walkMs),
    reread: reread === undefined ? 0 : (records * HOUR_MS) / reread,
  };
}

/** How long a sweep takes with what polling leaves of the quota. Pure. */
export function walkMsOf(plant: Plant, pollMs: number): number {
  if (plant.requestsPerMinute === 0) return 0;
  const reaches = copiedReaches(plant.settings);
  const polls = (reaches.filter(({ changesByTime }) => changesByTime).length * 60_000) / pollMs;
  const pages = sum(reaches, (reach) => sweepRequests(reach, recordsOf(plant, reach.kind)));
  return Math.ceil((pages * 60_000) / Math.max(1, plant.requestsPerMinute - polls));
}

/** Requests an hour for the whole of it. Pure. */
export function upkeepOf(plant: Plant, intervals: Intervals, walkMs = walkMsOf(plant, intervals.pollMs)): number {
  const kinds = sum(copiedReaches(plant.settings), (reach) => {
    const { poll, sweep, reread } = upkeepCost(reach, recordsOf(plant, reach.kind), intervals, walkMs);
    return poll + sweep + reread;
  });
  return kinds + checksPerHour(plant);
}

/** Requests an hour that no interval of sweeps and re-reads changes. */
export function fixedUpkeepOf(plant: Plant, pollMs: number): number {
  const polled = copiedReaches(plant.settings).filter(({ changesByTime }) => changesByTime);
  return (polled.length * HOUR_MS) / pollMs + checksPerHour(plant);
}

export const checksPerHour = ({ subscriptions }: Pick<Plant, 'subscriptions'>): number =>
  (subscriptions * HOUR_MS) / BELIEVED_MS;

export const recordsOf = ({ records }: Pick<Plant, 'records'>, kind: Kind): number => records.get(kind) ?? 0;

/** Changes right behind a page that was read wait for that page to come round: a pause and two walks. */
export const sweepWorstMs = (sweepMs: number, walkMs: number): number => sweepMs + 2 * walkMs;

/** Records that were all read at once come due at once, and are read over a part of the interval; sweeps go first. */
export const rereadWorstMs = (rereadMs: number, pollMs: number, walkMs: number): number =>
  rereadMs * REREAD_PASS + pollMs + walkMs;

export const sum = <One>(all: readonly One[], of: (one: One) => number): number =>
  all.reduce((total, one) => total + of(one), 0);
