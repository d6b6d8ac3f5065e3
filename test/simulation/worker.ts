import { memoryBacking } from './memory-backing.ts';
import { postgresBacking } from './postgres-backing.ts';
import { openAsRuntime } from './server.ts';
import { simulate, type Backing } from './simulate.ts';

/** Plays the seeds that it is sent, one after the other, and answers each with its result; ends with its parent. */
function serve(ownerUrl: string | undefined, name = ''): void {
  const database = ownerUrl === undefined ? undefined : openAsRuntime(ownerUrl, name);
  const backingOf = (): Backing => (database === undefined ? memoryBacking() : postgresBacking(database));
  const play = async (seed: number): Promise<void> => void process.send?.(await simulate(seed, backingOf()));
  process.on('message', (seed) => {
    play(Number(seed)).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
  process.on('disconnect', () => void database?.close());
}

serve(process.argv[2], process.argv[3]);
