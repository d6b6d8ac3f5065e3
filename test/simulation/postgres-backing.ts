import { WORK_LANES } from '../../src/jobs/index.ts';
import { HOOK_EVENT_NAMES } from '../../src/maintainx/index.ts';
import type { Database } from '../../src/postgres/index.ts';
import { postgresShelf } from '../../src/quota/index.ts';
import { postgresStore } from '../../src/store/index.ts';
import { testSubscriptions, testTenant } from '../database.ts';
import { subscriptionIdOf } from './hook-way.ts';
import type { Backing } from './simulate.ts';

/** One database for many seeds: each is a tenant of its own. */
export function postgresBacking(database: Database): Backing {
  return {
    store: postgresStore(database),
    shelf: postgresShelf(database),
    pace: 0.3,
    admit: async (tenantId, organizationId, now) => {
      await testTenant(database, tenantId, WORK_LANES, now, organizationId);
      const events = HOOK_EVENT_NAMES.map((name) => [subscriptionIdOf(name), name] as const);
      await testSubscriptions(database, tenantId, organizationId, Object.fromEntries(events));
    },
  };
}
