import { runSeeds, type SeedsOptions } from '../simulation/run-seeds.ts';
import { makeDatabase } from '../simulation/server.ts';
import { CALM_FROM } from '../simulation/scenario.ts';
import type { SeedResult } from '../simulation/simulate.ts';
import { missedIn, RATE_MAY_BE_OFF, summaryOf, tableOf, type Summary } from '../simulation/summary.ts';
import { keepResult } from './result.ts';

export interface ConvergenceOptions {
  /** Seeds on the memory store, and on PostgreSQL. */
  readonly memory: number;
  readonly postgres: number;
}

const WORKERS = 2;
/** In which nothing goes wrong but that webhooks are lost. */
const CALM_SEEDS = 60;

/**
 * Everything goes wrong, in virtual time, with webhooks (dropped, doubled, late, shuffled) in four seeds of five and without
 * in the fifth: after the faults and one sweep the copy equals the plant, a second sweep finds nothing, every webhook that was
 * answered 2xx is one fact, no late process writes, no request is beyond the limit, every named situation was met, and the
 * gateway says right how many webhooks never came.
 */
export async function proveConvergence(options: ConvergenceOptions): Promise<void> {
  const memory = await proven(options.memory, null);
  const database = await makeDatabase();
  const postgres = await proven(options.postgres, database);
  await database.drop();
  const missed = missedIn(memory.summary);
  console.log(tableOf(memory.summary));
  const calm = await proven(CALM_SEEDS, null, CALM_FROM);
  const { missedRate } = calm.summary;
  const isRateRight = Math.abs(missedRate.played - missedRate.reported) <= RATE_MAY_BE_OFF;
  const holds =
    [memory, postgres, calm].every(({ summary }) => summary.failed.length === 0) && missed.length === 0 && isRateRight;
  const { situations, faults } = memory.summary;
  keepResult('convergence', holds, {
    memory: figures(memory),
    postgres: figures(postgres),
    situationsMet: Object.values(situations).filter(({ times }) => times > 0).length,
    missed,
    missedRate,
    situations: seedsAndTimes(situations),
    faults: seedsAndTimes(faults),
  });
}

interface Proven {
  readonly summary: Summary;
  readonly seconds: number;
}

async function proven(seeds: number, database: SeedsOptions['database'], from = 1): Promise<Proven> {
  const began = performance.now();
  const onResult = (one: SeedResult, done: number): void => {
    if (one.violations.length > 0) console.log(`seed ${one.seed}: ${one.violations.slice(0, 5).join('; ')}`);
    if (done % 100 === 0) console.log(`${done} seeds`);
  };
  const summary = summaryOf(await runSeeds({ from, seeds, workers: WORKERS, database, onResult }));
  return { summary, seconds: Math.round((performance.now() - began) / 1000) };
}

const figures = ({ summary, seconds }: Proven): Readonly<Record<string, unknown>> => ({
  seeds: summary.seeds,
  seconds,
  virtualHours: summary.virtualHours,
  requests: summary.requests,
  events: summary.events,
  records: summary.records,
  failed: summary.failed.map(({ seed, violations }) => ({ seed, violations: violations.slice(0, 3) })),
});

const seedsAndTimes = (hits: Summary['situations']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(hits).map(([name, { seeds, times }]) => [name, `${times} in ${seeds} seeds`]));
