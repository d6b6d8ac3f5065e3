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
    admit: (tenantId, organizationId, now) => {
      store.admit(tenantId, organizationId, now);
      return Promise.resolve();
    },
  };
}
