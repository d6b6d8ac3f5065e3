import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import { connect, type ConnectOptions } from './connect.ts';
import type { Database } from './database.ts';
import { adoptNewestKey, type LoginKeys } from './login.ts';
import { runtimeRoleOf } from './roles.ts';

/** From an owner's URL to a database that is served by a role that owns nothing. */
const KEY = new Secret('the master key of this test');
const OTHER = new Secret('another one');
/** What seals belongs to the vault; here it is enough that what was sealed comes back. */
const keysOf = (...masterKeys: readonly Secret[]): LoginKeys => ({
  masterKeys,
  sealLogin: (password, key) => Buffer.from(`${key.reveal()}/${password.reveal()}`),
  openLogin: (sealed, key) => new Secret(sealed.toString().replace(`${key.reveal()}/`, '')),
});
let admin: pg.Client;
let name: string;
let ownerUrl: Secret;
let opened: Database[];
let made = 0;

beforeEach(async () => {
  const server = inject('databaseServer');
  admin = new pg.Client({ connectionString: server });
  await admin.connect();
  name = `millwright_connect_${process.pid}_${++made}`;
  await admin.query(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  ownerUrl = new Secret(url.toString());
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((database) => database.close()));
  await admin.query(`drop database ${name} with (force)`);
  await admin.query(`drop role if exists ${runtimeRoleOf(name)}`);
  await admin.end();
});

async function open(change: Partial<ConnectOptions> = {}): Promise<Database> {
  const database = await connect({ url: ownerUrl, keys: keysOf(KEY), connections: 2, log: () => undefined, ...change });
  opened.push(database);
  return database;
}

async function asOwner(sql: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl.reveal() });
  await owner.connect();
  try {
    await owner.query(sql);
  } finally {
    await owner.end();
  }
}

describe('a start', () => {
  it('migrates as the owner and serves as a role that owns nothing', async () => {
    const database = await open();
    const [who] = await database.directory.query<{ login: string; tables: number }>(
      `select current_user as login,
              (select count(*) from pg_tables where schemaname = 'public' and tableowner = current_user) as tables`,
    );
    expect(who).toEqual({ login: runtimeRoleOf(name), tables: 0 });
  });

  it('of several processes at once ends well for all', async () => {
    const databases = await Promise.all([open(), open(), open(), open()]);
    for (const database of databases) expect(await database.directory.query('select name from tenants')).toEqual([]);
  });

  it('with another master key is refused and leaves running processes their login', async () => {
    const running = await open();
    await expect(open({ keys: keysOf(OTHER) })).rejects.toMatchObject({ code: 'config-invalid' });
    const again = await open();
    expect(await running.directory.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(await again.directory.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('with a new master key beside the old one goes on, and once it is adopted the old one is not needed', async () => {
    const running = await open();
    const both = await open({ keys: keysOf(OTHER, KEY) });
    await adoptNewestKey(both.directory, keysOf(OTHER, KEY));
    await adoptNewestKey(both.directory, keysOf(OTHER, KEY));
    const after = await open({ keys: keysOf(OTHER) });
    for (const database of [running, both, after])
      expect(await Promise.all([1, 2].map(() => database.directory.query('select 1 as one')))).toHaveLength(2);
    await expect(open()).rejects.toMatchObject({ code: 'config-invalid' });
  });

  it('on a database that a newer version migrated is refused', async () => {
    await open();
    await asOwner("insert into schema_migrations (name, checksum) values ('9999_future.sql', 'x')");
    await expect(open()).rejects.toMatchObject({ code: 'database-not-ours' });
  });

  it('on a database whose migration was changed afterwards is refused', async () => {
    await open();
    await asOwner("update schema_migrations set checksum = 'x'");
    await expect(open()).rejects.toMatchObject({ code: 'database-not-ours' });
  });

  it('never serves as owner, even when told to', async () => {
    await expect(open({ migrateUrl: ownerUrl })).rejects.toMatchObject({ code: 'config-invalid' });
  });

  it('on a server that does not answer says so without the password', async () => {
    const url = new Secret('postgres://owner:s3cret@127.0.0.1:1/x');
    const refused = open({ url });
    await expect(refused).rejects.toMatchObject({ code: 'database-unavailable' });
    await expect(refused).rejects.not.toThrow(/s3cret/);
  });
});
