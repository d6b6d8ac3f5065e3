import { parentPort, workerData } from 'node:worker_threads';
import { memoryBacking } from './memory-backing.ts';
import { postgresBacking } from './postgres-backing.ts';
import { openAsRuntime } from './server.ts';
import { simulate } from './simulate.ts';

/** What a worker is told when it starts; without a database its seeds run in memory. */
export interface WorkerData {
  readonly database: { readonly ownerUrl: string; readonly name: string } | null;
}

/** Plays the seeds that it is sent, one after the other, and answers each with its result; null ends it. */
function serve({ database: named }: WorkerData): void {
  const database = named === null ? undefined : openAsRuntime(named.ownerUrl, named.name);
  parentPort?.on('message', (seed: number | null) => {
    if (seed === null) {
      void database?.close();
      parentPort?.close();
      return;
    }
    const backing = database === undefined ? memoryBacking() : postgresBacking(database);
    simulate(seed, backing).then(
      (result) => parentPort?.postMessage(result),
      (error: unknown) => {
        throw error;
      },
    );
  });
}

serve(workerData as WorkerData);
