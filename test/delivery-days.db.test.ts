import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { sha256 } from '../src/base/hash.ts';
import { Secret } from '../src/base/secret.ts';
import { seededRandom } from '../src/base/random.ts';
import { uuidv7 } from '../src/base/uuid.ts';
import { turnDays, type AddressedDelivery } from '../src/inbound/index.ts';
import { connect, type Database } from '../src/postgres/index.ts';
import { postgresStore } from '../src/store/index.ts';
import { TEST_LOGIN_KEYS } from './setup-database.ts';

/** An installation of an earlier version, whose owner is no superuser, as hosted databases have it. */
const MIGRATIONS = new URL('../migrations/', import.meta.url);
const TENANT = '00000000-0000-7000-8000-00000000000f';
const NOW = Date.UTC(2026, 8, 16, 23, 59, 59, 500);
const DAY = 24 * 3_600_000;

let admin: pg.Client;
let name: string;
let owner: pg.Client;
let ownerUrl: URL;
let database: Database | undefined;

beforeEach(async () => {
  const server = inject('databaseServer');
  name = `millwright_days_${process.pid}`;
  admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create role ${name} login createrole password 'owner'`);
  await admin.query(`create database ${name} owner ${name}`);
  ownerUrl = new URL(server);
  [ownerUrl.pathname, ownerUrl.username, ownerUrl.password] = [`/${name}`, name, 'owner'];
  owner = new pg.Client({ connectionString: ownerUrl.toString() });
  await owner.connect();
});

afterEach(async () => {
  await database?.close();
  await owner.end();
  await admin.query(`drop database ${name} with (force)`);
  await admin.query(`drop role if exists ${name}_runtime`);
  await admin.query(`drop role ${name}`);
  await admin.end();
});

/** Runs the migrations before `first`, as they stand. */
async function migrateBefore(first: string): Promise<void> {
  await owner.query(
    `create table schema_migrations (
       name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
  );
  const names = readdirSync(MIGRATIONS).filter((file) => /^\d{4}_.*\.sql$/.test(file) && file < first);
  for (const file of names.sort()) {
    const sql = readFileSync(new URL(file, MIGRATIONS), 'utf8');
    await owner.query(sql);
    const checksum = sha256(sql).toString('hex');
    await owner.query('insert into schema_migrations (name, checksum) values ($1, $2)', [file, checksum]);
  }
}

async function open(): Promise<Database> {
  const url = new Secret(ownerUrl.toString());
  return (database = await connect({ url, keys: TEST_LOGIN_KEYS, connections: 2, log: () => undefined }));
}

describe('webhooks of an earlier version', () => {
  it('are there after the migration, each in its day and its state', async () => {
    await migrateBefore('0007');
    await owner.query(
      `insert into tenants (tenant_id, name, state, created_at) values ($1, 'plant', 'active', now())`,
      [TENANT],
    );
    await owner.query("select set_config('app.tenant', $1, false)", [TENANT]);
    for (const [nth, state] of ['waiting', 'done', 'parked'].entries())
      await owner.query(
        `insert into deliveries (tenant_id, delivery_id, fingerprint, subscription_id, event_type, body, signed_at,
                                 uri_signature, received_at, repeats, state, reason)
         values ($1, $2, $3, $1, 'WORK_ORDER_CHANGE', $4, $5, 'absent', $5, $6, $7, $8)`,
        [
          TENANT,
          `00000000-0000-7000-8000-00000000000${nth}`,
          Buffer.alloc(32, nth),
          Buffer.from([0xff, nth]),
          new Date(NOW + nth * 1_000),
          nth,
          state,
          state === 'parked' ? 'the body is not UTF-8' : null,
        ],
      );
    const store = postgresStore(await open());
    const kept = await store.transact(TENANT, (tx) => tx.deliveries.page(null, 10));
    expect(kept.map((one) => [one.state, one.reason, [...one.body], one.receivedAt - NOW])).toEqual([
      ['waiting', null, [0xff, 0], 0],
      ['done', null, [0xff, 1], 1_000],
      ['parked', 'the body is not UTF-8', [0xff, 2], 2_000],
    ]);
    const [arrival, ...others] = await store.transact(TENANT, (tx) => tx.deliveries.waiting(10));
    expect([arrival?.arrivalId, others]).toEqual([kept[0]?.deliveryId, []]);
    expect(await days()).toEqual(['deliveries_20260916', 'deliveries_20260917']);
  });
});

const random = seededRandom(1);

const deliveryAt = (receivedAt: number): AddressedDelivery => ({
  tenantId: TENANT,
  deliveryId: uuidv7(receivedAt, random),
  subscriptionId: TENANT,
  eventType: 'WORK_ORDER_CHANGE',
  body: Buffer.from('{}'),
  signedAt: receivedAt,
  uriSignature: 'absent',
  receivedAt,
});

const days = async (): Promise<readonly string[]> => {
  const found = await owner.query<{ day: string }>(
    `select inhrelid::regclass::text as day from pg_inherits where inhparent = 'deliveries'::regclass order by 1`,
  );
  return found.rows.map((row) => row.day);
};

describe('days of webhooks', () => {
  it('are made ahead and when one is needed, and go when they are older than what is kept', async () => {
    const { directory } = await open();
    expect(await turnDays(directory, NOW, 30)).toBe(0);
    expect(await days()).toEqual([16, 17, 18, 19].map((day) => `deliveries_202609${day}`));
    expect(await turnDays(directory, NOW, 30)).toBe(0);
    if (database === undefined) throw new Error('it is open');
    const store = postgresStore(database);
    const [old, far] = [deliveryAt(NOW - DAY), deliveryAt(NOW + 20 * DAY)];
    await store.accept([far, old]);
    expect((await days()).at(-1)).toBe('deliveries_20261006');
    expect(await turnDays(directory, NOW + 30 * DAY, 30)).toBe(1);
    expect((await days())[0]).toBe('deliveries_20260916');
    // What waited longer than bodies are kept is handed out without one, so that it can be ended.
    const waiting = await store.transact(TENANT, (tx) => tx.deliveries.waiting(10));
    expect(waiting.map((one) => [one.arrivalId, one.delivery?.deliveryId])).toEqual([
      [old.deliveryId, undefined],
      [far.deliveryId, far.deliveryId],
    ]);
  });
});
