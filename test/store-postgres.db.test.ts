import { WORK_LANES } from '../src/jobs/index.ts';
import { postgresStore } from '../src/store/index.ts';
import { testDatabase, testTenant } from './database.ts';
import { storeConformance } from './store-conformance.ts';

storeConformance('the store over PostgreSQL', async () => {
  const test = await testDatabase(12);
  return {
    store: postgresStore(test.database),
    admit: (tenantId, now) => testTenant(test.database, tenantId, WORK_LANES, now),
    close: () => test.drop(),
  };
});
