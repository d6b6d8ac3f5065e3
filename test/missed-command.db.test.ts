import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { objectOf, parseStored } from '../src/base/json.ts';
import type { NewEvent } from '../src/log/index.ts';
import { postgresStore } from '../src/store/index.ts';
import { testDatabase, testTenant, type TestDatabase } from './database.ts';
import { environmentOf, millwright, type Outcome } from './millwright.ts';

const HOUR = 3_600_000;
const now = Date.now();
const day = new Date(now - HOUR).toISOString().slice(0, 10);

let test: TestDatabase;
let tenantId: string;

beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  tenantId = randomUUID();
  await testTenant(test.database, tenantId, ['deliver'], now);
  await test.database.withTenant(tenantId, async (tx) => {
    const connectionId = randomUUID();
    await tx.query(
      `insert into connections (tenant_id, connection_id, organization_id, organization_name, sends_organization,
                                api_key, created_at) values ($1, $2, '1', 'Plant', false, '', now())`,
      [tenantId, connectionId],
    );
    await tx.query(
      `insert into webhook_subscriptions (tenant_id, subscription_id, connection_id, event_type, state, public_url,
                                          remote_id, created_at, checked_at)
       values ($1, $2, $3, 'NEW_WORK_ORDER', 'active', 'https://gateway.example', '9', $4, now())`,
      [tenantId, randomUUID(), connectionId, new Date(now - 24 * HOUR)],
    );
  });
});

const missed = (...args: readonly string[]): Promise<Outcome> =>
  millwright(['deliveries', 'missed', '--tenant', `t-${tenantId}`, ...args], '', environmentOf(test));

const append = (...events: readonly NewEvent[]) =>
  postgresStore(test.database).transact(tenantId, (tx) => tx.log.append(events));

const event = (
  id: number,
  change: Pick<NewEvent, 'family' | 'type' | 'version' | 'occurredAt' | 'data'>,
): NewEvent => ({
  eventId: randomUUID(),
  stream: `work-order/1/${id}`,
  recordedAt: now,
  explainedBy: [],
  actor: null,
  factKey: null,
  ...change,
});

function appeared(id: number, createdAt: number): NewEvent {
  const data = JSON.stringify({ record: { id, createdAt: new Date(createdAt).toISOString() } });
  return event(id, { family: 'state', type: 'work-order.appeared', version: 1, occurredAt: createdAt, data });
}

it('says by kind and day how many webhooks never came', async () => {
  const told = event(1, {
    family: 'fact',
    type: 'work-order.created',
    version: null,
    occurredAt: now - HOUR,
    data: '{}',
  });
  await append(
    appeared(1, now - HOUR),
    told,
    appeared(2, now - HOUR),
    appeared(3, now - HOUR),
    appeared(4, now - HOUR),
  );
  // Of a record as new as this a webhook may still come.
  await append(appeared(5, now));
  expect((await missed()).out).toMatch(new RegExp(`^${day} +work-order +created +4 +1 +75 %$`, 'm'));
  expect(objectOf(parseStored((await missed('--json')).out.trim()))).toEqual({
    kind: 'work-order',
    day,
    change: 'created',
    happened: 4,
    told: 1,
    missed: 3,
  });
});

it('says that nothing happened, and what does not count yet', async () => {
  await append(appeared(5, now));
  expect(await missed()).toMatchObject({ code: 0, out: expect.stringContaining('last 15 minutes do not count yet') });
});

it('lets the guardian believe no subscription when webhooks fell silent', async () => {
  await postgresStore(test.database).transact(tenantId, (tx) => tx.deliveries.doubtSubscriptions('all'));
  const { rows } = await test.owner.query(
    'select 1 from webhook_subscriptions where tenant_id = $1 and checked_at is not null',
    [tenantId],
  );
  expect(rows).toEqual([]);
});
