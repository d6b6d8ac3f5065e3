import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { OWNER } from './cluster.ts';

/** One connection of the owner to the maintenance database `postgres`. */
export interface Session {
  readonly client: pg.Client;
  readonly port: number;
  /** Says whether the connection keeps this process alive. */
  keepAlive(wanted: boolean): void;
}

/** What the presence connections show in `pg_stat_activity`. */
const PRESENCE = 'millwright presence';

/** Logs in. Rejects with the driver's error. */
export async function openSession(port: number, password: string): Promise<Session> {
  const socket = new Socket();
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: OWNER,
    password,
    // Its advisory locks are its own, and `millwright` stays free to serve as a template.
    database: 'postgres',
    application_name: PRESENCE,
    ssl: false,
    connectionTimeoutMillis: 5_000,
    stream: () => socket,
  });
  client.on('error', () => undefined); // a query under way rejects; whoever else cares listens for 'end'
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return { client, port, keepAlive: (wanted) => void (wanted ? socket.ref() : socket.unref()) };
}

/**
 * Whether the server on the other end works on this very folder. Password, system identifier and path cannot tell: a
 * copied installation has the same ones, and the path of a moved one has changed. So: does it see a file made here?
 */
export async function servesCluster({ client }: Session, cluster: string): Promise<boolean> {
  const name = `millwright-probe-${randomUUID()}`;
  // 'wx' follows no link that the account may have put there.
  await writeFile(join(cluster, name), '', { flag: 'wx' });
  try {
    const { rows } = await client.query<{ here: boolean }>('select (pg_stat_file($1, true)).size is not null as here', [
      name,
    ]);
    return rows[0]?.here === true;
  } finally {
    await rm(join(cluster, name), { force: true });
  }
}
