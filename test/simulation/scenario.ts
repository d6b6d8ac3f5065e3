import { CORE_KINDS, KINDS, kindEntry, listTellsTime, type CoreKind, type Kind } from '../../src/maintainx/index.ts';
import { DEFAULT_KINDS } from '../../src/inbound/index.ts';
import type { FaultPlan } from '../../src/sandbox/index.ts';
import type { Dice } from '../../src/sandbox/seed/dice.ts';
import { diceFor } from './chance.ts';
import { LIES, type Lie, type LieRule } from './lie-rule.ts';
import type { TroubledTime } from './store-trouble.ts';
import { hookFaults, theirFaults } from './their-faults.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Something that happens at a time, in milliseconds after the start. */
export type Occurrence = { readonly at: number } & (
  | { readonly what: 'changes'; readonly count: number }
  | { readonly what: 'mass delete'; readonly kind: CoreKind; readonly share: number }
  | { readonly what: 'kill' | 'stop'; readonly backAfterMs: number }
  | { readonly what: 'crash'; readonly calls: number; readonly backAfterMs: number }
  | { readonly what: 'pause'; readonly calls: number; readonly ms: number; readonly replaced: boolean }
  | { readonly what: 'second process' }
  | { readonly what: 'new key'; readonly oldOneEnds: boolean }
);

/** All that one seed decides. Times are milliseconds, those of lies and of troubled times since the epoch. */
export interface Scenario {
  readonly seed: number;
  readonly startsAt: number;
  readonly chaosMs: number;
  readonly plant: Readonly<Record<CoreKind, number>>;
  /** Kinds that the tenant copies. */
  readonly copied: readonly Kind[];
  readonly pageSize: number;
  readonly transitMs: readonly [number, number];
  readonly requestsPerMinute: number;
  readonly windowPhaseMs: number | undefined;
  readonly times: {
    readonly pollIntervalMs: number;
    readonly pollOverlapMs: number;
    readonly sweepIntervalMs: number;
    readonly rereadIntervalMs: number;
    readonly upkeepShare: number;
    readonly catchUpAfterMs: number;
    readonly tombstoneHoldMs: number;
    readonly surgeRecords: number;
  };
  /** Whether MaintainX tells of changes by webhook; what goes wrong with them is among the faults. */
  readonly webhooks: boolean;
  readonly hookTransitMs: readonly [least: number, most: number];
  readonly leaseMs: number;
  readonly idleMs: number;
  /** Of the hints inside a process, how many are lost. */
  readonly lostHints: number;
  readonly faults: FaultPlan;
  readonly lies: readonly LieRule[];
  readonly storeTrouble: readonly TroubledTime[];
  readonly occurrences: readonly Occurrence[];
}

/** The same seed gives the same scenario. */
export function scenarioOf(seed: number): Scenario {
  const dice = diceFor(seed, 'scenario');
  // Dice of their own, so that each seed stays the scenario that it was without webhooks.
  const hookDice = diceFor(seed, 'hook scenario');
  const startsAt = Date.UTC(2026, 8, 1) + dice.whole(0, 90 * 24 * 3600) * SECOND + dice.whole(0, 999);
  const chaosMs = dice.whole(20, 120) * MINUTE;
  const scenario: Scenario = {
    seed,
    startsAt,
    chaosMs,
    plant: plantOf(dice),
    copied: copiedOf(diceFor(seed, 'copied')),
    pageSize: dice.pick([2, 3, 5, 5, 8, 20, 200]),
    transitMs: dice.chance(0.7) ? [20, dice.pick([60, 400])] : [100, dice.pick([4_000, 15_000])],
    requestsPerMinute: dice.pick([30, 60, 100, 100, 300]),
    windowPhaseMs: dice.chance(0.5) ? undefined : dice.whole(0, 59_999),
    times: {
      pollIntervalMs: dice.pick([30 * SECOND, MINUTE, MINUTE, 5 * MINUTE]),
      pollOverlapMs: dice.pick([0, 30 * SECOND, 2 * MINUTE, 2 * MINUTE, 10 * MINUTE]),
      sweepIntervalMs: dice.pick([10 * MINUTE, 30 * MINUTE, HOUR]),
      rereadIntervalMs: dice.pick([20 * MINUTE, 2 * HOUR, 24 * HOUR]),
      upkeepShare: 100,
      catchUpAfterMs: 10 * MINUTE,
      tombstoneHoldMs: dice.pick([10 * MINUTE, HOUR, 4 * HOUR]),
      surgeRecords: diceFor(seed, 'surge').pick([2, 3, 5, 40]),
    },
    webhooks: hookDice.chance(0.8),
    hookTransitMs: hookDice.pick([
      [1, 20],
      [10, 400],
      [100, 4_000],
    ]),
    leaseMs: 10 * SECOND,
    idleMs: dice.pick([5 * SECOND, 15 * SECOND, MINUTE]),
    lostHints: dice.pick([0, 0, 0.5, 1]),
    faults: { ...theirFaults(dice, seed, chaosMs), ...hookFaults(hookDice, chaosMs) },
    lies: liesOf(dice, startsAt, chaosMs),
    storeTrouble: storeTroubleOf(dice, startsAt, chaosMs),
    occurrences: occurrencesOf(dice, chaosMs),
  };
  if (seed >= CALM_FROM) return calm(scenario, hookDice);
  return dice.chance(0.12) ? withGhosts(scenario, dice) : scenario;
}

/** From this seed on nothing goes wrong but that webhooks are lost. */
export const CALM_FROM = 1_000_000;

/** What came to be is then seen sooner or later, so that it can be said how many webhooks never came. */
function calm(scenario: Scenario, dice: Dice): Scenario {
  const { seed, chaosMs } = scenario;
  const dropHook = { fromMs: 0, untilMs: chaosMs, probability: dice.pick([0.05, 0.2, 0.5, 0.8, 1]) };
  const more = Array.from({ length: 150 }, () => ({ at: dice.whole(0, chaosMs), what: 'changes', count: 1 }) as const);
  return {
    ...scenario,
    copied: CORE_KINDS,
    webhooks: true,
    requestsPerMinute: 300,
    times: { ...scenario.times, pollIntervalMs: 20 * SECOND, sweepIntervalMs: MINUTE },
    lostHints: 0,
    faults: { seed, dropHook: [dropHook] },
    lies: [],
    storeTrouble: [],
    // One at a time: what is made and deleted in one moment is never seen.
    occurrences: more.toSorted((left, right) => left.at - right.at),
  };
}

/**
 * Slow answers while lists still show what is deleted, and much reading of records of which no list tells when they
 * changed: so that a read that finds a record gone is overtaken by one that still sees it.
 */
function withGhosts(scenario: Scenario, dice: Dice): Scenario {
  const { startsAt, chaosMs } = scenario;
  const always = { kinds: CORE_KINDS, from: startsAt, until: startsAt + chaosMs };
  const deletes = Array.from({ length: 16 }, () => {
    const kind = dice.pick(CORE_KINDS.filter((one) => !listTellsTime(kindEntry(one))));
    return { at: dice.whole(0, chaosMs), what: 'mass delete', kind, share: 0.1 } as const;
  });
  return {
    ...scenario,
    transitMs: [1_000, 18_000],
    requestsPerMinute: 300,
    plant: { ...scenario.plant, vendor: 10, meter: 16 },
    times: { ...scenario.times, pollIntervalMs: 30 * SECOND, sweepIntervalMs: 40 * SECOND, rereadIntervalMs: MINUTE },
    lies: [
      { lie: 'ghost row', share: 0.7, ...always },
      ...(dice.chance(0.7) ? [{ lie: 'soft delete', share: 1, ...always } as const] : []),
    ],
    occurrences: [...scenario.occurrences, ...deletes].toSorted((left, right) => left.at - right.at),
  };
}

/** The same scenario in a share of its time; what MaintainX does wrong keeps its own times. */
export function shortened(scenario: Scenario, share: number): Scenario {
  const { startsAt } = scenario;
  const sooner = (time: number): number => startsAt + Math.round((time - startsAt) * share);
  const within = <Times extends { readonly from: number; readonly until: number }>(one: Times): Times => ({
    ...one,
    from: sooner(one.from),
    until: sooner(one.until),
  });
  return {
    ...scenario,
    chaosMs: Math.round(scenario.chaosMs * share),
    lies: scenario.lies.map(within),
    storeTrouble: scenario.storeTrouble.map(within),
    occurrences: scenario.occurrences.map((one) => ({ ...one, at: Math.round(one.at * share) })),
  };
}

/** Records of each kind at the start: few, so that a seed is short; of one kind more than the brake lets go at once. */
function plantOf(dice: Dice): Readonly<Record<CoreKind, number>> {
  const most = (kind: CoreKind): number => (kindEntry(kind).changesByTime ? 14 : 6);
  const counts = Object.fromEntries(CORE_KINDS.map((kind) => [kind, dice.whole(FEWEST, most(kind))]));
  return {
    ...(counts as Record<CoreKind, number>),
    ...(dice.chance(0.4) ? { [dice.pick(LARGE)]: dice.whole(24, 40) } : {}),
  };
}

/** With fewer the life of the sandbox finds nothing to work with. */
export const FEWEST = 3;
const LARGE: readonly CoreKind[] = ['work-order', 'part', 'asset'];

/** What is copied by default, everything, or the kinds that the life of the sandbox changes most. */
function copiedOf(dice: Dice): readonly Kind[] {
  if (dice.chance(0.6)) return CORE_KINDS;
  return dice.chance(0.7) ? DEFAULT_KINDS : KINDS;
}

const ALWAYS: readonly Lie[] = ['permission lost, 404', 'permission lost, 403', 'soft delete'];

function liesOf(dice: Dice, startsAt: number, chaosMs: number): readonly LieRule[] {
  const names = dice.some(Object.keys(LIES) as Lie[], dice.whole(2, 8));
  return names.flatMap((lie) =>
    Array.from({ length: dice.whole(1, 2) }, () => {
      const from = startsAt + dice.whole(0, Math.floor(chaosMs * 0.9));
      const lasts = lie.startsWith('permission') ? dice.whole(5, 60) * MINUTE : dice.whole(MINUTE, chaosMs);
      const kinds = dice.chance(0.3) ? KINDS : dice.some(dice.chance(0.7) ? CORE_KINDS : KINDS, dice.whole(1, 3));
      const share = ALWAYS.includes(lie) ? 1 : dice.pick([0.02, 0.1, 0.4]);
      return { lie, kinds, from, until: from + lasts, share };
    }),
  );
}

function storeTroubleOf(dice: Dice, startsAt: number, chaosMs: number): readonly TroubledTime[] {
  return Array.from({ length: dice.pick([0, 1, 2, 4]) }, () => {
    const from = startsAt + dice.whole(0, chaosMs);
    return { from, until: from + dice.whole(10 * SECOND, 10 * MINUTE), share: dice.pick([0.005, 0.03, 0.2]) };
  });
}

function occurrencesOf(dice: Dice, chaosMs: number): readonly Occurrence[] {
  const at = (): number => dice.whole(0, chaosMs);
  const several = <One>(count: number, make: () => One): readonly One[] => Array.from({ length: count }, make);
  const occurrences: Occurrence[] = [
    ...several(dice.whole(40, 160), () => ({ at: at(), what: 'changes', count: 1 }) as const),
    ...several(dice.whole(2, 8), () => ({ at: at(), what: 'changes', count: dice.whole(4, 24) }) as const),
    ...several(dice.pick([0, 0, 0, 1]), () => massDelete(dice, at())),
    ...several(dice.pick([0, 0, 1, 2]), () => ({ at: at(), what: 'kill', backAfterMs: absence(dice) }) as const),
    ...several(dice.pick([0, 0, 0, 1]), () => ({ at: at(), what: 'stop', backAfterMs: absence(dice) }) as const),
    ...several(dice.pick([0, 1, 2, 4]), () => crash(dice, at())),
    ...several(dice.pick([0, 1, 3]), () => pause(dice, at())),
    ...several(dice.pick([0, 0, 1]), () => ({ at: at(), what: 'second process' }) as const),
    ...several(dice.pick([0, 0, 0, 1]), () => ({ at: at(), what: 'new key', oldOneEnds: dice.chance(0.7) }) as const),
  ];
  return occurrences.toSorted((left, right) => left.at - right.at);
}

const massDelete = (dice: Dice, at: number): Occurrence => ({
  at,
  what: 'mass delete',
  kind: dice.pick(dice.chance(0.7) ? LARGE : CORE_KINDS),
  share: dice.pick([0.5, 0.9, 1]),
});

const crash = (dice: Dice, at: number): Occurrence => ({
  at,
  what: 'crash',
  calls: dice.whole(0, 60),
  backAfterMs: absence(dice),
});

const pause = (dice: Dice, at: number): Occurrence => ({
  at,
  what: 'pause',
  calls: dice.whole(0, 12),
  ms: dice.whole(SECOND, 2 * MINUTE),
  replaced: dice.chance(0.5),
});

/** A restart, or an outage of ours of hours. */
const absence = (dice: Dice): number => (dice.chance(0.9) ? dice.whole(0, 30) * SECOND : dice.whole(1, 4) * HOUR);
