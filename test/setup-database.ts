import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { Secret } from '../src/base/secret.ts';
import { attachEmbedded, connect } from '../src/postgres/index.ts';
import { fixedKeyring, loginKeysOf } from '../src/vault/index.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Owner's URL of the server on which test databases are made. */
    databaseServer: string;
    /** Migrated database from which each test file clones its own. */
    databaseTemplate: string;
  }
}

/** The same for all test databases of a server: roles belong to the cluster. Protects nothing but test data. */
export const TEST_MASTER_KEY = new Secret(Buffer.alloc(32, 7).toString('base64'));
export const TEST_LOGIN_KEYS = loginKeysOf(fixedKeyring(TEST_MASTER_KEY));

/**
 * A server for the database tests: the one that MILLWRIGHT_TEST_DATABASE_URL names, else an embedded one that lives as
 * long as the run. On it a migrated template, so that a test file's database costs some 50 ms.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['MILLWRIGHT_TEST_DATABASE_URL'];
  const dataDir = mkdtempSync(join(tmpdir(), 'millwright-test-'));
  // Open to the account that runs PostgreSQL when we are root, so that the data stays inside and goes with the folder.
  chmodSync(dataDir, 0o755);
  const embedded = given === undefined ? await attachEmbedded({ dataDir, log: () => undefined }) : undefined;
  const server = given ?? embedded?.url ?? '';
  const template = `millwright_test_${process.pid}_${Date.now()}`;
  await onServer(server, (client) => client.query(`create database ${template}`));
  await migrateTemplate(server, template);
  project.provide('databaseServer', server);
  project.provide('databaseTemplate', template);
  return async () => {
    await onServer(server, (client) => client.query(`drop database if exists ${template} with (force)`));
    await onServer(server, (client) => client.query(`drop role if exists ${template}_runtime`));
    await embedded?.release();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

async function migrateTemplate(server: string, template: string): Promise<void> {
  const url = new URL(server);
  url.pathname = `/${template}`;
  const database = await connect({
    url: new Secret(url.toString()),
    keys: TEST_LOGIN_KEYS,
    connections: 1,
    log: () => undefined,
  });
  await database.close();
}

async function onServer(server: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
