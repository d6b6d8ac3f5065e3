import { WORK_LANES } from '../src/jobs/index.ts';
import { postgresStore } from '../src/store/index.ts';
import { testDatabase, testTenant } from './database.ts';
import { storeConformance } from './store-conformance.ts';

storeConformance('the store over PostgreSQL', async () => {
  const { database, drop } = await testDatabase(12);
  return {
    store: postgresStore(database),
    admit: (tenantId, now) => testTenant(database, tenantId, WORK_LANES, now),
    close: drop,
  };
});
