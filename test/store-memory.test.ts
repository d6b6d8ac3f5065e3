import { memoryStore } from '../src/store/index.ts';
import { storeConformance } from './store-conformance.ts';

storeConformance('the store in memory', () => {
  const store = memoryStore();
  return Promise.resolve({
    store,
    admit: (tenantId, now) => {
      store.admit(tenantId, '1', now);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
});
