import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { carryOut, redactField } from '../src/administration/index.ts';
import { sha256 } from '../src/base/hash.ts';
import { canonicalJson } from '../src/base/canonical-json.ts';
import type { Json, JsonObject } from '../src/base/json.ts';
import { WORK_LANES } from '../src/jobs/index.ts';
import { readStream, recordStream, type NewEvent } from '../src/log/index.ts';
import { fold } from '../src/records/index.ts';
import { postgresStore } from '../src/store/index.ts';
import { heldRecord } from './held-record.ts';
import { testDatabase, testTenant, type TestDatabase } from './database.ts';

/** A person asks that what a work order once said be forgotten. */
const NOW = Date.UTC(2026, 10, 30, 12);
const KEY = { organizationId: '1', kind: 'work-order', recordId: '42' } as const;
const STREAM = recordStream(KEY.kind, KEY.organizationId, KEY.recordId);
const clock = { now: () => NOW, sleep: () => Promise.resolve() };
let test: TestDatabase;
let tenantId: string;

beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  tenantId = randomUUID();
  await testTenant(test.database, tenantId, WORK_LANES, NOW);
});

const store = () => postgresStore(test.database);

const event = (family: NewEvent['family'], type: string, data: Json, rest: Partial<NewEvent> = {}): NewEvent => ({
  eventId: randomUUID(),
  stream: STREAM,
  version: null,
  family,
  type,
  occurredAt: NOW,
  recordedAt: NOW,
  data: canonicalJson(data),
  explainedBy: [],
  actor: null,
  factKey: null,
  ...rest,
});

/** As it came: first with one note, then with another, of which a webhook told. */
async function plant(deletedAt: number | null): Promise<void> {
  const told: JsonObject = {
    workOrderId: 42,
    oldWorkOrder: { note: 'first secret', title: 'Pump' },
    newWorkOrder: { note: 'second secret' },
  };
  const body = Buffer.from(canonicalJson(told));
  const factKey = sha256('1', 'WORK_ORDER_CHANGE', body);
  await store().accept([
    {
      tenantId,
      deliveryId: randomUUID(),
      subscriptionId: randomUUID(),
      eventType: 'WORK_ORDER_CHANGE',
      body,
      signedAt: NOW,
      uriSignature: 'absent',
      receivedAt: NOW,
    },
  ]);
  const state = { note: 'second secret', title: 'Pump' };
  await store().transact(tenantId, async (tx) => {
    const end = deletedAt === null ? [] : [event('state', 'work-order.vanished', { changes: {} }, { version: 3 })];
    await tx.log.append([
      event('state', 'work-order.appeared', { record: { note: 'first secret', title: 'Pump' } }, { version: 1 }),
      event('fact', 'work-order.updated', told, { factKey }),
      event(
        'state',
        'work-order.changed',
        { changes: { note: { before: 'first secret', after: 'second secret' } } },
        { version: 2 },
      ),
      ...end,
    ]);
    await tx.records.write([heldRecord(KEY, NOW, { version: 2 + end.length, state, deletedAt })]);
  });
}

const redact = (field = 'note') =>
  carryOut(
    { database: test.database, clock },
    { actor: 'somebody', origin: 'test', tenantId, action: 'redactField' },
    redactField(KEY, field, 'asked for'),
  );

/** All that the database holds of the tenant, as text. */
async function everything(): Promise<string> {
  const parts: string[] = [];
  for (const table of ['events', 'records', 'deliveries']) {
    const { rows } = await test.owner.query<{ text: string }>(
      `select t::text as text from ${table} t where tenant_id = $1`,
      [tenantId],
    );
    parts.push(...rows.map(({ text }) => text));
  }
  // Bodies are shown as hexadecimal.
  const { rows } = await test.owner.query<{ body: Buffer }>('select body from deliveries where tenant_id = $1', [
    tenantId,
  ]);
  return [...parts, ...rows.map(({ body }) => body.toString('utf8'))].join('\n');
}

const folded = async () => fold(await store().transact(tenantId, (tx) => readStream(tx.log, STREAM)));

it('what a field was is gone from events and webhooks, and the record is what its events tell', async () => {
  await plant(null);
  await test.owner.query('delete from delivery_queue');
  expect(await redact()).toEqual({ events: 3, webhooks: 1 });
  expect(await everything()).not.toContain('first secret');
  expect((await folded())?.state).toEqual({ note: 'second secret', title: 'Pump' });
  expect(await redact()).toEqual({ events: 0, webhooks: 0 });
});

it('of a deleted record, what it was last is gone too', async () => {
  await plant(NOW);
  await test.owner.query('delete from delivery_queue');
  await redact();
  expect(await everything()).not.toContain('secret');
  const [held] = await store().transact(tenantId, async (tx) => [...(await tx.records.lock([KEY])).values()]);
  expect(held?.state).toEqual({ note: '[redacted]', title: 'Pump' });
  expect((await folded())?.state).toEqual(held?.state);
});

it('a webhook that still waits keeps its body until it was looked at', async () => {
  await plant(null);
  expect(await redact()).toMatchObject({ webhooks: 0 });
  expect(await store().transact(tenantId, (tx) => tx.deliveries.waiting(10))).toHaveLength(1);
});

it('nothing was ever seen of the record: it says so', async () => {
  await expect(redact()).rejects.toMatchObject({ code: 'not-found' });
});

it('the role that serves can redact values and do nothing else with an event', async () => {
  await plant(null);
  const attempt = (data: string) =>
    test.database.withTenant(tenantId, async (tx) => {
      const [row] = await tx.query<{ done: boolean }>('select redact_event(1, $1::json) as done', [data]);
      return row?.done;
    });
  for (const data of [
    '{"record":{"note":"another","title":"Pump"}}',
    '{"record":{"title":"Pump"}}',
    '{"record":{"note":"first secret","title":"Pump","x":1}}',
    '{"record":["[redacted]"]}',
    '{}',
  ])
    expect([data, await attempt(data)]).toEqual([data, false]);
  expect(await attempt('{"record":{"note":"[redacted]","title":"Pump"}}')).toBe(true);
  const other = randomUUID();
  await testTenant(test.database, other, WORK_LANES, NOW);
  const foreign = test.database.withTenant(other, async (tx) => {
    const [row] = await tx.query<{ done: boolean }>('select redact_event(1, $1::json) as done', ['"[redacted]"']);
    return row?.done;
  });
  expect(await foreign).toBe(false);
});
