import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { Secret } from '../src/base/secret.ts';
import { ORGANIZATION_LANES } from '../src/jobs/index.ts';
import type { HookEvent } from '../src/maintainx/index.ts';
import { openDatabase, type Database } from '../src/postgres/database.ts';
import { runtimePassword, urlFor } from '../src/postgres/roles.ts';
import { TEST_MASTER_KEY } from './setup-database.ts';

/** A test file's own database. */
export interface TestDatabase {
  /** As everything is served: by the runtime role. */
  readonly database: Database;
  /** As the owner, who may do anything. */
  readonly owner: pg.Client;
  readonly ownerUrl: Secret;
  readonly runtimeUrl: Secret;
  drop(): Promise<void>;
}

let made = 0;

/** Clones the migrated template. Call in `beforeAll`, and `drop` in `afterAll`. */
export async function testDatabase(connections = 8): Promise<TestDatabase> {
  const server = inject('databaseServer');
  const template = inject('databaseTemplate');
  const name = `${template}_${process.pid}_${++made}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database ${name} template ${template}`);
  const ownerUrl = new URL(server);
  ownerUrl.pathname = `/${name}`;
  const owner = new pg.Client({ connectionString: ownerUrl.toString() });
  await owner.connect();
  // A clone is no restored backup.
  await owner.query('delete from database_home');
  const role = `${template}_runtime`;
  const url = urlFor(new Secret(ownerUrl.toString()), role, runtimePassword(TEST_MASTER_KEY, role));
  const database = openDatabase({ url, connections, onError: () => undefined });
  const drop = async (): Promise<void> => {
    await database.close();
    await owner.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  };
  return { database, owner, ownerUrl: new Secret(ownerUrl.toString()), runtimeUrl: url, drop };
}

/** A tenant with its lanes, as the registry would make it. */
export async function testTenant(
  database: Database,
  tenantId: string,
  lanes: readonly string[],
  now: number,
  organizationId = '1',
): Promise<void> {
  await database.directory.query(
    `insert into tenants (tenant_id, name, state, created_at) values ($1, $2, 'active', $3)`,
    [tenantId, `t-${tenantId}`, new Date(now)],
  );
  await database.directory.query(
    `insert into tenant_leases (tenant_id, organization_id, lane, due_at)
     select $1, case when lane = any($3::text[]) then $4 else '' end, lane, $5 from unnest($2::text[]) as l (lane)`,
    [tenantId, lanes, ORGANIZATION_LANES, organizationId, new Date(now)],
  );
}

/** A connection with webhook subscriptions, by their ids here, as the guardian would have made them. */
export async function testSubscriptions(
  database: Database,
  tenantId: string,
  organizationId: string,
  subscriptions: Readonly<Record<string, HookEvent>>,
): Promise<void> {
  const connectionId = randomUUID();
  await database.withTenant(tenantId, async (tx) => {
    await tx.query(
      `insert into connections (tenant_id, connection_id, organization_id, organization_name, sends_organization, api_key,
                                created_at)
       values ($1, $2, $3, 'Plant', false, '', now())`,
      [tenantId, connectionId, organizationId],
    );
    await tx.query(
      `insert into webhook_subscriptions (tenant_id, subscription_id, connection_id, event_type, state, public_url, created_at)
       select $1, id, $2, event_type, 'active', 'https://gateway.example', now()
       from unnest($3::uuid[], $4::text[]) as s (id, event_type)`,
      [tenantId, connectionId, Object.keys(subscriptions), Object.values(subscriptions)],
    );
  });
}
