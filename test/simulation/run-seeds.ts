import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SimulationDatabase } from './server.ts';
import type { SeedResult } from './simulate.ts';

export interface SeedsOptions {
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
  /** null: on the memory store. */
  readonly database: Pick<SimulationDatabase, 'ownerUrl' | 'name'> | null;
  readonly onResult?: (result: SeedResult, done: number) => void;
}

/** Plays the seeds in several processes; answers their results in the order of the seeds. */
export async function runSeeds(options: SeedsOptions): Promise<readonly SeedResult[]> {
  const results: SeedResult[] = [];
  let next = options.from;
  const take = (): number | undefined => (next < options.from + options.seeds ? next++ : undefined);
  const told = (result: SeedResult): void => {
    results.push(result);
    options.onResult?.(result, results.length);
  };
  const workers = Array.from({ length: Math.min(options.workers, options.seeds) }, () =>
    runWorker(options, take, told),
  );
  await Promise.all(workers);
  return results.toSorted((left, right) => left.seed - right.seed);
}

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

function runWorker(
  { database }: SeedsOptions,
  take: () => number | undefined,
  told: (result: SeedResult) => void,
): Promise<void> {
  const named = database === null ? [] : [database.ownerUrl, database.name];
  // Short-lived objects are most of it: a larger nursery spares a good part of the time.
  const worker = fork(WORKER, named, { execArgv: ['--max-semi-space-size=64'], serialization: 'advanced' });
  const goOn = (): void => {
    const seed = take();
    if (seed === undefined) worker.disconnect();
    else worker.send(seed);
  };
  return new Promise((resolve, reject) => {
    worker.on('message', (result) => {
      told(result as SeedResult);
      goOn();
    });
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
    goOn();
  });
}
