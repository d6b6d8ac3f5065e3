import { WORK_LANES } from '../../src/jobs/index.ts';
import type { Database } from '../../src/postgres/index.ts';
import { postgresShelf } from '../../src/quota/index.ts';
import { postgresStore } from '../../src/store/index.ts';
import { tenantOf } from './memory-backing.ts';
import type { Backing } from './simulate.ts';

/** One database for many seeds: each is a tenant of its own. */
export function postgresBacking(database: Database): Backing {
  return {
    store: postgresStore(database),
    shelf: postgresShelf(database),
    pace: 0.3,
    admit: async (seed, now) => {
      const tenantId = tenantOf(seed);
      await database.directory.query(
        `insert into tenants (tenant_id, name, state, created_at) values ($1, $2, 'active', $3)`,
        [tenantId, `seed-${seed}`, new Date(now)],
      );
      await database.directory.query(
        'insert into tenant_leases (tenant_id, lane, due_at) select $1, lane, $3 from unnest($2::text[]) as l (lane)',
        [tenantId, WORK_LANES, new Date(now)],
      );
      return tenantId;
    },
  };
}
