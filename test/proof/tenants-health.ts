import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as pauseFor } from 'node:timers/promises';
import type pg from 'pg';
import { request } from 'undici';
import { benchServer, freshDatabase } from '../../bench/fresh-database.ts';
import { readConfig } from '../../src/config.ts';
import { Secret } from '../../src/base/secret.ts';
import { principalsOf, userRuleOf } from '../../src/clients.ts';
import { insertOrganizationLanes, insertTenantLanes } from '../../src/jobs/index.ts';
import { postgresShelf } from '../../src/quota/index.ts';
import { createLogger, openInstallation, type Installation } from '../../src/server.ts';
import { insertConnection, insertTenant } from '../../src/tenants/index.ts';
import { freePort, startCommand, stop } from './gateway.ts';
import { quantile } from './quantile.ts';
import { keepResult } from './result.ts';
import { objectIn, objectsIn } from './shapes.ts';

export interface TenantsHealthOptions {
  readonly tenants: number;
  readonly records: number;
  readonly calls: number;
}

const P99_MS = 100;
const KINDS = ['work-order', 'asset', 'part', 'location', 'meter'];

/**
 * One call tells an administrator of all tenants: asked again and again while their figures are there, with a MaintainX that counts
 * what it is asked. The records are planted, the figures are counted by the gateway's own lanes.
 */
export async function proveTenantsHealth({ tenants, records, calls }: TenantsHealthOptions): Promise<void> {
  let asked = 0;
  const maintainx = createServer((_request, response) => {
    asked++;
    response.end('{}');
  });
  maintainx.listen(0, '127.0.0.1');
  await once(maintainx, 'listening');
  const address = maintainx.address();
  const maintainxPort = typeof address === 'object' && address !== null ? address.port : 0;
  const { url: server, release } = await benchServer();
  const database = await freshDatabase(server);
  const token = randomBytes(32).toString('base64url');
  const env = {
    DATABASE_URL: database.url,
    MILLWRIGHT_MASTER_KEY: randomBytes(32).toString('base64'),
    MILLWRIGHT_ADMIN_TOKEN: token,
    MILLWRIGHT_ROLES: 'worker,api',
    MAINTAINX_BASE_URL: `http://127.0.0.1:${maintainxPort}/v1`,
    PORT: String(await freePort()),
    LOG_LEVEL: 'warn',
  };
  const installation = await openInstallation(readConfig(env), createLogger('silent'));
  await plant(installation, database.client, tenants, Math.ceil(records / tenants));
  await installation.close();
  const gateway = await startCommand(['start'], env);
  try {
    const ask = async (): Promise<readonly unknown[]> => {
      const answer = await request(`http://127.0.0.1:${env.PORT}/api/v1/installation/health`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const items = objectsIn(objectIn(await answer.body.json())['items']);
      if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
      return items;
    };
    const began = performance.now();
    const isWhole = (one: unknown): boolean => objectIn(one)['counted'] !== null && objectIn(one)['quota'] !== null;
    while (!(await ask()).every(isWhole)) await pauseFor(500);
    const countedAfterMs = Math.round(performance.now() - began);
    const took: number[] = [];
    for (let nth = 0; nth < calls; nth++) {
      const from = performance.now();
      await ask();
      took.push(performance.now() - from);
    }
    const sum = (await ask()).map((one) => livingIn(objectIn(objectIn(one)['counted'])['records']));
    const counted = sum.reduce((all, one) => all + one, 0);
    const { rows } = await database.client.query<{ count: string }>('select count(*) from records');
    const at = (share: number): number => quantile(took, share);
    const isRight = counted === Number(rows[0]?.count);
    const holds = at(0.99) < P99_MS && asked === 0 && isRight && sum.length === tenants;
    const figures = { tenants: sum.length, records: counted, calls, requestsToMaintainx: asked, countedAfterMs };
    keepResult('tenants-health', holds, { ...figures, p50Ms: at(0.5), p99Ms: at(0.99), mostMs: at(1) });
  } finally {
    await stop(gateway, 'SIGTERM');
    await database.drop();
    await release();
    maintainx.close();
  }
}

const livingIn = (records: unknown): number =>
  Object.values(objectIn(records)).reduce<number>((all, one) => all + Number(objectIn(one)['living']), 0);

/** Tenants of whom only the figures are due, each with a connection that has sent something, and with so many living records. */
async function plant(installation: Installation, client: pg.Client, tenants: number, each: number): Promise<void> {
  const { database, vault } = installation;
  const shelf = postgresShelf(database);
  for (let nth = 0; nth < tenants; nth++) {
    const [tenantId, now] = [randomUUID(), Date.now()];
    const connection = {
      connectionId: randomUUID(),
      organizationId: String(nth),
      organizationName: `plant ${nth}`,
      sendsOrganization: false,
      apiKey: new Secret(randomBytes(32).toString('base64url')),
      principal: null,
    };
    await database.withTenant(tenantId, async (tx) => {
      await insertTenant(tx, `plant-${nth}`, now);
      await vault.admit(tx, now);
      await insertConnection(tx, vault, connection, now);
      await insertTenantLanes(tx, now);
      await insertOrganizationLanes(tx, connection.organizationId, now);
    });
    const ask = { holder: 'plant', ended: [], unused: 0, want: 90 };
    await shelf.exchange(principalsOf(connection).user, userRuleOf(installation.config), ask, now);
    await client.query(`update tenant_leases set due_at = 'infinity' where tenant_id = $1 and lane <> 'figures'`, [
      tenantId,
    ]);
    await client.query(
      `insert into records (tenant_id, organization_id, kind, record_id, version, state, kept, read_source, read_ended,
                            first_seen_at, changed_at)
       select $1, '1', ($2::text[])[1 + n % $4], n::text, 1, $3::json, '{}', 'get', 1, now(), now()
       from generate_series(1, $5) as n`,
      [tenantId, KINDS, JSON.stringify({ title: 'x'.repeat(300) }), KINDS.length, each],
    );
  }
}
