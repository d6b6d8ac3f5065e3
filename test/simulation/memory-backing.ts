import { memoryShelf } from '../../src/quota/index.ts';
import { memoryStore } from '../../src/store/index.ts';
import type { Backing } from './simulate.ts';

/** A store of its own for each seed. */
export function memoryBacking(): Backing {
  const store = memoryStore();
  return {
    store,
    shelf: memoryShelf(),
    pace: 1,
    admit: (seed, now) => {
      const tenantId = tenantOf(seed);
      store.admit(tenantId, now);
      return Promise.resolve(tenantId);
    },
  };
}

/** The tenant of a seed: an id that PostgreSQL takes too. */
export const tenantOf = (seed: number): string => `00000000-0000-7000-8000-${String(seed).padStart(12, '0')}`;
