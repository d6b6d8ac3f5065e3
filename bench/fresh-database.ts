import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { attachEmbedded } from '../src/postgres/index.ts';
import { temporaryFolder } from '../test/proof/gateway.ts';

export interface BenchServer {
  readonly url: string;
  readonly release: () => Promise<void>;
}

/** The server that MILLWRIGHT_TEST_DATABASE_URL names, else an embedded one. */
export async function benchServer(): Promise<BenchServer> {
  const given = process.env['MILLWRIGHT_TEST_DATABASE_URL'];
  if (given !== undefined) return { url: given, release: () => Promise.resolve() };
  const folder = temporaryFolder();
  const embedded = await attachEmbedded({ dataDir: folder.path, log: () => undefined });
  return {
    url: embedded.url,
    release: async () => {
      await embedded.release();
      folder.remove();
    },
  };
}

export interface FreshDatabase {
  readonly url: string;
  readonly client: pg.Client;
  drop(): Promise<void>;
}

/** A database of its own on the server, gone in the end. */
export async function freshDatabase(server: string): Promise<FreshDatabase> {
  const name = `millwright_bench_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  const drop = async (): Promise<void> => {
    await client.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.query(`drop role if exists ${name}_runtime`);
    await admin.end();
  };
  return { url: url.toString(), client, drop };
}
