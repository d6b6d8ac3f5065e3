import pg from 'pg';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '../../src/base/secret.ts';
import { attachEmbedded, connect } from '../../src/postgres/index.ts';
import { openDatabase, type Database } from '../../src/postgres/database.ts';
import { runtimePassword, urlFor } from '../../src/postgres/roles.ts';
import { TEST_LOGIN_KEYS, TEST_MASTER_KEY } from '../setup-database.ts';

/** A migrated database for a simulation that is a program of its own. */
export interface SimulationDatabase {
  /** Of its owner. */
  readonly ownerUrl: string;
  readonly name: string;
  drop(): Promise<void>;
}

/** On the server that MILLWRIGHT_TEST_DATABASE_URL names, else on an embedded one. */
export async function makeDatabase(): Promise<SimulationDatabase> {
  const given = process.env['MILLWRIGHT_TEST_DATABASE_URL'];
  const dataDir = mkdtempSync(join(tmpdir(), 'millwright-simulation-'));
  // Open to the account that runs PostgreSQL when we are root.
  chmodSync(dataDir, 0o755);
  const embedded = given === undefined ? await attachEmbedded({ dataDir, log: () => undefined }) : undefined;
  const server = given ?? embedded?.url ?? '';
  const name = `millwright_simulation_${process.pid}`;
  await onServer(server, `create database ${name}`);
  // What is proven is that the engine converges, not that disks are slow.
  await onServer(server, `alter database ${name} set synchronous_commit = off`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const ownerUrl = url.toString();
  const options = { keys: TEST_LOGIN_KEYS, connections: 1, log: () => undefined };
  const migrated = await connect({ url: new Secret(ownerUrl), ...options });
  await migrated.close();
  const drop = async (): Promise<void> => {
    await onServer(server, `drop database if exists ${name} with (force)`);
    await onServer(server, `drop role if exists ${name}_runtime`);
    await embedded?.release();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ownerUrl, name, drop };
}

/** Opens it as everything is served: by the runtime role. */
export function openAsRuntime(ownerUrl: string, name: string): Database {
  const role = `${name}_runtime`;
  const url = urlFor(new Secret(ownerUrl), role, runtimePassword(TEST_MASTER_KEY, role));
  return openDatabase({ url, connections: 8, onError: () => undefined });
}

async function onServer(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
