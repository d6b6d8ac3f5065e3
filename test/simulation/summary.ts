import { ENGINE_SITUATIONS } from '../../src/inbound/index.ts';
import { LIES } from './lie-rule.ts';
import { REASONS } from './reasons.ts';
import type { SeedResult, Told } from './simulate.ts';

/** In how many seeds something happened, and how often. */
export interface Hits {
  readonly seeds: number;
  readonly times: number;
}

/** What many seeds were together. */
export interface Summary {
  readonly seeds: number;
  readonly failed: readonly SeedResult[];
  readonly virtualHours: number;
  readonly requests: number;
  readonly events: number;
  readonly records: number;
  /** Of the records that came to be, the share of which no webhook told: as played, and as the gateway says. */
  readonly missedRate: { readonly played: number; readonly reported: number; readonly records: number };
  readonly situations: Readonly<Record<string, Hits>>;
  readonly faults: Readonly<Record<string, Hits>>;
}

export function summaryOf(results: readonly SeedResult[]): Summary {
  const sum = (of: (one: SeedResult) => number): number => results.reduce((total, one) => total + of(one), 0);
  return {
    seeds: results.length,
    failed: results.filter(({ violations }) => violations.length > 0),
    virtualHours: Math.round(sum(({ virtualMs }) => virtualMs) / 3_600_000),
    requests: sum(({ requests }) => requests),
    events: sum(({ events }) => events),
    records: sum(({ records }) => records),
    missedRate: missedRateOf(results),
    situations: hits(
      Object.keys(SITUATIONS),
      results.map(({ situations }) => situations),
    ),
    faults: hits(
      Object.keys(LIES).map((lie) => `lie: ${lie}`),
      results.map(({ faults }) => faults),
    ),
  };
}

function missedRateOf(results: readonly SeedResult[]): Summary['missedRate'] {
  const all = results.flatMap(({ creations }) => creations ?? []);
  const rate = (of: (one: (typeof all)[number]) => Told): number => {
    const happened = all.reduce((sum, one) => sum + of(one).happened, 0);
    const told = all.reduce((sum, one) => sum + of(one).told, 0);
    return happened === 0 ? 0 : (happened - told) / happened;
  };
  const records = all.reduce((sum, { played }) => sum + played.happened, 0);
  return { played: rate(({ played }) => played), reported: rate(({ reported }) => reported), records };
}

/** The reported share of webhooks that never came may be off by so much. */
export const RATE_MAY_BE_OFF = 0.01;

/** Every situation that has a name, with what happened. */
const SITUATIONS: Readonly<Record<string, string>> = { ...ENGINE_SITUATIONS, ...REASONS };

function hits(
  wanted: readonly string[],
  counts: readonly Readonly<Record<string, number>>[],
): Readonly<Record<string, Hits>> {
  const found = new Map<string, Hits>(wanted.map((name) => [name, { seeds: 0, times: 0 }]));
  for (const one of counts)
    for (const [name, times] of Object.entries(one)) {
      const before = found.get(name) ?? { seeds: 0, times: 0 };
      found.set(name, { seeds: before.seeds + 1, times: before.times + times });
    }
  return Object.fromEntries([...found].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** What the judge is ready for and no course of the engine leads to, with why. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  'return-overtaken': 'two single reads of one record are never under way at once: the lease sees to that',
};

/** Situations that could have been met, and that no seed met. */
export const missedIn = ({ situations }: Summary): readonly string[] =>
  Object.entries(situations).flatMap(([name, { times }]) =>
    times === 0 && !Object.hasOwn(UNREACHABLE, name) ? [name] : [],
  );

/** For a terminal: each situation with in how many seeds it was met, how often, and what it is. */
export function tableOf({ situations, faults }: Summary): string {
  const line = (name: string, { seeds, times }: Hits): string =>
    `${String(seeds).padStart(6)} ${String(times).padStart(9)}  ${name.padEnd(28)} ${SITUATIONS[name] ?? ''}`.trimEnd();
  const head = ` seeds     times  `;
  return [
    `${head}situation`,
    ...Object.entries(situations).map(([name, hit]) => line(name, hit)),
    `${head}fault`,
    ...Object.entries(faults).map(([name, hit]) => line(name, hit)),
  ].join('\n');
}
