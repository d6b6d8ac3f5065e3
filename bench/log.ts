/**
 * How fast one tenant's log takes events, with the schema as it ships: in batches, as reads append them, and one by one
 * while somebody holds a snapshot open for a minute; and how fast it is read. The baseline is the same rows in a bare table.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { Secret } from '../src/base/secret.ts';
import { sha256 } from '../src/base/hash.ts';
import { postgresLog, type NewEvent } from '../src/log/index.ts';
import { connect, type Database } from '../src/postgres/index.ts';
import { fixedKeyring, loginKeysOf } from '../src/vault/index.ts';
import { quantile } from '../test/proof/quantile.ts';
import { keepResult } from '../test/proof/result.ts';
import { benchServer, freshDatabase } from './fresh-database.ts';

const BATCH = 500;
const SECONDS = 10;
const SINGLE_SECONDS = 60;
const LEAST_PER_SECOND = 20_000;
/** Single appends beside an open snapshot may take this much longer. */
const MOST_SLOWDOWN = 1.1;

let made = 0;

/** State events and facts by turns, about 350 bytes of data each. */
function event(): NewEvent {
  const nth = ++made;
  const isFact = nth % 2 === 0;
  return {
    eventId: randomUUID(),
    stream: `work-order/1/${isFact ? nth % 5_000 : nth}`,
    family: isFact ? 'fact' : 'state',
    type: isFact ? 'work-order.status-changed' : 'work-order.appeared',
    version: isFact ? null : 1,
    occurredAt: Date.UTC(2026, 8, 16) + nth,
    recordedAt: Date.UTC(2026, 8, 16) + nth,
    data: JSON.stringify({ id: nth, title: `Grease conveyor ${nth}`, status: 'OPEN', note: 'x'.repeat(280) }),
    explainedBy: [],
    actor: isFact ? 'user/7' : null,
    factKey: isFact ? sha256(String(nth)) : null,
  };
}

const batchOf = (count: number): readonly NewEvent[] => Array.from({ length: count }, event);

async function perSecond(seconds: number, rows: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let done = 0;
  while (performance.now() - began < seconds * 1_000) {
    await work();
    done += rows;
  }
  return Math.round(done / ((performance.now() - began) / 1_000));
}

async function timesOf(seconds: number, work: () => Promise<unknown>): Promise<readonly number[]> {
  const took: number[] = [];
  const began = performance.now();
  while (performance.now() - began < seconds * 1_000) {
    const from = performance.now();
    await work();
    took.push(performance.now() - from);
  }
  return took;
}

async function bareInsert(client: pg.Client): Promise<number> {
  await client.query('create table bare (seq bigserial primary key, type text, data text)');
  return perSecond(SECONDS, BATCH, async () => {
    const events = batchOf(BATCH);
    await client.query('insert into bare (type, data) select * from unnest($1::text[], $2::text[])', [
      events.map((one) => one.type),
      events.map((one) => one.data),
    ]);
  });
}

async function main(): Promise<void> {
  const server = await benchServer();
  const fresh = await freshDatabase(server.url);
  const keys = loginKeysOf(fixedKeyring(new Secret(Buffer.alloc(32, 7).toString('base64'))));
  const url = new Secret(fresh.url);
  const database: Database = await connect({ url, keys, connections: 4, log: () => undefined });
  const tenantId = randomUUID();
  await database.directory.query(
    `insert into tenants (tenant_id, name, state, created_at) values ($1, 'plant', 'active', now())`,
    [tenantId],
  );
  const append = (count: number): Promise<unknown> =>
    database.withTenant(tenantId, (tx) => postgresLog(tx).append(batchOf(count)));
  try {
    const baseline = await bareInsert(fresh.client);
    const batched = await perSecond(SECONDS, BATCH, () => append(BATCH));
    let after = 0;
    const read = await perSecond(SECONDS, BATCH, async () => {
      const events = await database.withTenant(tenantId, (tx) => postgresLog(tx).read(after, BATCH));
      after = events.at(-1)?.seq ?? 0;
    });
    const alone = await timesOf(SINGLE_SECONDS, () => append(1));
    const holder = new pg.Client({ connectionString: fresh.url });
    await holder.connect();
    await holder.query('begin isolation level repeatable read');
    await holder.query('select count(*) from events');
    const beside = await timesOf(SINGLE_SECONDS, () => append(1));
    await holder.end();
    const slowdown = Math.round((quantile(beside, 0.5) / quantile(alone, 0.5)) * 100) / 100;
    keepResult('log', batched >= LEAST_PER_SECOND && slowdown <= MOST_SLOWDOWN, {
      batch: BATCH,
      appendedPerSecond: batched,
      bareInsertPerSecond: baseline,
      overBareInsert: Math.round((batched / baseline) * 100) / 100,
      readPerSecond: read,
      singleAppendMs: { p50: quantile(alone, 0.5), p99: quantile(alone, 0.99) },
      besideASnapshotOfAMinuteMs: { p50: quantile(beside, 0.5), p99: quantile(beside, 0.99) },
      slowdown,
    });
  } finally {
    await database.close();
    await fresh.drop();
    await server.release();
  }
}

await main();
