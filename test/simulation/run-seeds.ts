import { Worker } from 'node:worker_threads';
import type { SeedResult } from './simulate.ts';
import type { WorkerData } from './worker.ts';

export interface SeedsOptions extends WorkerData {
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
  readonly onResult?: (result: SeedResult, done: number) => void;
}

/** Plays the seeds on several threads; answers their results in the order of the seeds. */
export async function runSeeds(options: SeedsOptions): Promise<readonly SeedResult[]> {
  const results: SeedResult[] = [];
  let next = options.from;
  const take = (): number | null => (next < options.from + options.seeds ? next++ : null);
  const threads = Array.from({ length: Math.min(options.workers, options.seeds) }, () =>
    runThread(options, take, (result) => {
      results.push(result);
      options.onResult?.(result, results.length);
    }),
  );
  await Promise.all(threads);
  return results.toSorted((left, right) => left.seed - right.seed);
}

function runThread(
  { database }: SeedsOptions,
  take: () => number | null,
  told: (result: SeedResult) => void,
): Promise<void> {
  const workerData: WorkerData = { database };
  // Short-lived objects are most of it: a larger nursery spares a good part of the time.
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  });
  return new Promise((resolve, reject) => {
    worker.on('message', (result: SeedResult) => {
      told(result);
      worker.postMessage(take());
    });
    worker.on('error', reject);
    worker.on('exit', () => resolve());
    worker.postMessage(take());
  });
}
