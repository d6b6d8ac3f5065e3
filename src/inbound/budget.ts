import type { Kind } from '../maintainx/index.ts';
import { coverageOf, type Coverage, type CoverageInput } from './coverage.ts';
import { chooseIntervals, REREAD_BOUNDS, SWEEP_BOUNDS, type AllBounds } from './intervals.ts';
import type { Change, Way } from './notice.ts';
import { REREAD_PASS } from './reread.ts';
import type { PullSettings } from './settings.ts';
import {
  fixedUpkeepOf,
  intervalsOf,
  rereadWorstMs,
  sweepWorstMs,
  upkeepOf,
  walkMsOf,
  type Intervals,
  type Plant,
} from './upkeep.ts';

/** What is wanted: at most this share (0 to 1) of the quota for upkeep, or nothing older than this. */
export type Goal = { readonly share: number } | { readonly stalenessMs: number };

/**
 * `planned` · `polling alone` takes more than the share · `too little` for the longest intervals · `out of reach`: a sweep
 * takes too long, or intervals would be too short · `beyond the quota`: it would take more than there is · `no limit`:
 * nothing limits requests, so there is no quota to share.
 */
export type Verdict = 'planned' | 'polling alone' | 'too little' | 'out of reach' | 'beyond the quota' | 'no limit';

export interface BudgetPlan {
  readonly verdict: Verdict;
  /** Share that upkeep takes as planned; where nothing could be planned, the share that it would take at least. */
  readonly share: number | null;
  /** What to set; null: nothing could be planned. */
  readonly settings: Pick<PullSettings, 'sweepIntervalMs' | 'rereadMs'> | null;
  readonly before: Coverage;
  readonly after: Coverage | null;
}

/** Chooses the intervals of sweeps and re-reads for a goal. Pure. */
export function planBudget(input: CoverageInput, goal: Goal): BudgetPlan {
  const before = coverageOf(input);
  const { quotaPerHour } = before;
  if (quotaPerHour === null) return { verdict: 'no limit', share: null, settings: null, before, after: null };
  const ground: Ground = { input, before, quotaPerHour, plant: { ...input, subscriptions: input.hooks.length } };
  return 'share' in goal ? planForShare(ground, goal.share) : planForStaleness(ground, goal.stalenessMs);
}

interface Ground {
  readonly input: CoverageInput;
  readonly before: Coverage;
  readonly quotaPerHour: number;
  readonly plant: Plant;
}

function planForShare(ground: Ground, share: number): BudgetPlan {
  const { before, quotaPerHour, plant, input } = ground;
  const { pollMs } = before.intervals;
  const bounds = boundsOf(input);
  const fixed = fixedUpkeepOf(plant, pollMs);
  if (fixed > share * quotaPerHour) return notPlanned(ground, 'polling alone', fixed / quotaPerHour);
  const chosen = chooseIntervals(plant, pollMs, bounds, share * quotaPerHour);
  if (chosen !== null) return planned(ground, chosen);
  const longest = { pollMs, sweepMs: bounds.sweep.most, rereadMs: mapped(bounds.reread, ({ most }) => most) };
  return notPlanned(ground, 'too little', upkeepOf(plant, longest) / quotaPerHour);
}

/** The longest intervals with which nothing is older than wanted. */
function planForStaleness(ground: Ground, stalenessMs: number): BudgetPlan {
  const { before, quotaPerHour, plant, input } = ground;
  const { pollMs } = before.intervals;
  const walkMs = walkMsOf(plant, pollMs);
  const { sweep, reread } = boundsOf(input);
  // A request of its own may have to wait for its turn twice: the list, and what it shows to be gone.
  const spare = stalenessMs - 2 * WAIT_MS;
  const sweepMs = wholeMinutes(spare - sweepWorstMs(0, walkMs));
  const rereadMs = wholeMinutes((spare - rereadWorstMs(0, pollMs, walkMs)) / REREAD_PASS);
  const isTooShort = sweepMs < sweep.least || [...reread.values()].some(({ least }) => rereadMs < least);
  if (isTooShort || pollMs > spare) return notPlanned(ground, 'out of reach', null);
  const intervals: Intervals = {
    pollMs,
    sweepMs: Math.min(sweep.most, sweepMs),
    rereadMs: mapped(reread, ({ most }) => Math.min(most, rereadMs)),
  };
  const share = upkeepOf(plant, intervals) / quotaPerHour;
  return share > 1 ? notPlanned(ground, 'beyond the quota', share) : planned(ground, intervals);
}

const WAIT_MS = 60_000;
const wholeMinutes = (ms: number): number => Math.floor(ms / 60_000) * 60_000;

/** Every kind whose records are read again now has an interval to choose. */
function boundsOf({ settings, times }: CoverageInput): AllBounds {
  const { rereadMs } = intervalsOf(settings, times);
  return { sweep: SWEEP_BOUNDS, reread: mapped(rereadMs, () => REREAD_BOUNDS) };
}

function planned({ input, before, plant, quotaPerHour }: Ground, intervals: Intervals): BudgetPlan {
  const { settings } = input;
  const rereadMs = { ...settings.rereadMs, ...Object.fromEntries(intervals.rereadMs) };
  const chosen = { sweepIntervalMs: intervals.sweepMs, rereadMs };
  return {
    verdict: 'planned',
    share: upkeepOf(plant, intervals) / quotaPerHour,
    settings: chosen,
    before,
    after: coverageOf({ ...input, settings: { ...settings, ...chosen } }),
  };
}

const notPlanned = ({ before }: Ground, verdict: Verdict, share: number | null): BudgetPlan => ({
  verdict,
  share,
  settings: null,
  before,
  after: null,
});

const mapped = <From, To>(of: ReadonlyMap<Kind, From>, how: (one: From) => To): ReadonlyMap<Kind, To> =>
  new Map([...of].map(([kind, one]) => [kind, how(one)]));

/** Kinds and sorts of change that become known in one way, without webhooks. */
export const GROUPS = ['polled', 'swept', 'read again', 'deleted'] as const;
export type Group = (typeof GROUPS)[number];

/** How stale each group is at worst without webhooks; absent: no kind is in it. */
export type GroupStaleness = Readonly<Partial<Record<Group, number>>>;

/** What one share of the quota buys. */
export interface Trade {
  /** 0 to 1. */
  readonly share: number;
  readonly verdict: Verdict;
  readonly intervals: Intervals | null;
  readonly staleness: GroupStaleness;
}

/** What each of some shares buys. Pure. */
export const tradesOf = (input: CoverageInput, shares: readonly number[]): readonly Trade[] =>
  shares.map((share) => {
    const { verdict, after } = planBudget(input, { share });
    return {
      share,
      verdict,
      intervals: after?.intervals ?? null,
      staleness: after === null ? {} : groupStaleness(after),
    };
  });

function groupStaleness({ kinds }: Coverage): GroupStaleness {
  const worst: Partial<Record<Group, number>> = {};
  for (const kind of kinds)
    for (const { change, ways, withoutWebhooksMs } of kind.notices) {
      const group = groupOf(
        change,
        ways.find((way) => way !== 'webhook'),
      );
      if (group !== undefined && withoutWebhooksMs !== null)
        worst[group] = Math.max(worst[group] ?? 0, withoutWebhooksMs);
    }
  return worst;
}

const GROUP_OF: Readonly<Partial<Record<Way, Group>>> = { poll: 'polled', sweep: 'swept', reread: 'read again' };

const groupOf = (change: Change, way: Way | undefined): Group | undefined =>
  change === 'deleted' ? 'deleted' : way && GROUP_OF[way];
