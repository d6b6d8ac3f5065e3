import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { objectOf, parseStored, type JsonObject } from '../src/base/json.ts';
import { seededRandom } from '../src/base/random.ts';
import { uuidv7 } from '../src/base/uuid.ts';
import type { AddressedDelivery } from '../src/inbound/index.ts';
import { postgresStore } from '../src/store/index.ts';
import { testDatabase, testTenant, type TestDatabase } from './database.ts';
import { environmentOf, millwright, type Outcome } from './millwright.ts';

const NOW = Date.UTC(2026, 8, 16, 12);
const random = seededRandom(3);

let test: TestDatabase;
let tenantId: string;
let made = 0;

beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  tenantId = uuidv7(NOW + made++, random);
  await testTenant(test.database, tenantId, ['deliver', 'hydrate'], NOW);
});

const run = (...args: readonly string[]): Promise<Outcome> =>
  millwright([...args, '--tenant', `t-${tenantId}`], '', environmentOf(test));
const linesOf = ({ out }: Outcome): readonly JsonObject[] =>
  out
    .trim()
    .split('\n')
    .map((line) => objectOf(parseStored(line)));

const delivery = (body: string): AddressedDelivery => ({
  tenantId,
  deliveryId: uuidv7(NOW + made++, random),
  subscriptionId: tenantId,
  eventType: 'WORK_ORDER_CHANGE',
  body: Buffer.from(body, 'latin1'),
  signedAt: NOW,
  uriSignature: 'absent',
  receivedAt: NOW + made,
});

/** One that was read, and one that cannot be; with their ids. */
async function oneOfEach(): Promise<{ readonly good: string; readonly odd: string }> {
  const store = postgresStore(test.database);
  const [good, odd] = [delivery('{"workOrderId":7}'), delivery('\xff\xfe')];
  await store.accept([good, odd]);
  await store.transact(tenantId, async (tx) => {
    const arrivals = await tx.deliveries.waiting(10);
    await tx.deliveries.settle(
      arrivals.map((arrival) =>
        arrival.arrivalId === odd.deliveryId
          ? { arrival, state: 'parked', reason: 'the body is not UTF-8' }
          : { arrival, state: 'done' },
      ),
    );
  });
  return { good: good.deliveryId, odd: odd.deliveryId };
}

const waiting = async (): Promise<number> =>
  (await postgresStore(test.database).transact(tenantId, (tx) => tx.deliveries.waiting(10))).length;

describe('millwright deliveries', () => {
  it('lists webhooks by state, and shows one whole', async () => {
    const { good, odd } = await oneOfEach();
    expect((await run('deliveries', 'list')).out).toMatch(new RegExp(`${good}.*done[^]*${odd}.*parked.*not UTF-8`));
    expect(linesOf(await run('deliveries', 'list', '--state', 'parked', '--json'))).toEqual([
      expect.objectContaining({ deliveryId: odd, state: 'parked', bodyBase64: '//4=' }),
    ]);
    expect(linesOf(await run('deliveries', 'show', good))).toEqual([
      expect.objectContaining({ deliveryId: good, body: '{"workOrderId":7}', state: 'done' }),
    ]);
    const gone = await run('deliveries', 'show', uuidv7(NOW, random));
    expect([gone.code, gone.err]).toEqual([1, expect.stringContaining('has no delivery')]);
  });

  it('has one or a filtered set read again, and asks what is meant before it takes all', async () => {
    const { good } = await oneOfEach();
    expect((await run('deliveries', 'replay')).code).toBe(2);
    expect((await run('deliveries', 'replay', good, '--all')).code).toBe(2);
    expect((await run('deliveries', 'replay', good)).out).toContain('1 deliveries');
    expect(await waiting()).toBe(1);
    expect(linesOf(await run('deliveries', 'replay', '--state', 'parked', '--json'))).toMatchObject([{ replayed: 1 }]);
    expect(await waiting()).toBe(2);
    expect((await run('deliveries', 'replay', '--from', '2026-09-17T00:00:00Z')).out).toContain('0 deliveries');
  });
});

describe('millwright parked', () => {
  it('shows webhooks and records that wait for a person, and tries one or all again', async () => {
    const { odd } = await oneOfEach();
    const key = { organizationId: '1', kind: 'work-order', recordId: '42' } as const;
    const store = postgresStore(test.database);
    await store.transact(tenantId, async (tx) => {
      await tx.hydrations.want([{ key, reason: 'hook', explainedBy: [] }], 1, NOW);
      await tx.hydrations.park(key, 'maintainx-unreadable: no JSON', NOW + 86_400_000);
    });
    const { out } = await run('parked', 'list');
    expect(out).toMatch(new RegExp(`${odd}.*not UTF-8`));
    expect(out).toMatch(/work-order\/1\/42.*no JSON/);
    expect((await run('parked', 'replay', 'all')).out).toContain('2 tried again');
    expect(await waiting()).toBe(1);
    expect(await store.transact(tenantId, (tx) => tx.hydrations.counts(null))).toMatchObject({ waiting: 1, parked: 0 });
  });

  it('lets one be discarded with a reason, which stays', async () => {
    const { good, odd } = await oneOfEach();
    expect((await run('parked', 'discard', odd)).code).toBe(2);
    expect((await run('parked', 'discard', good, '--reason', 'x')).err).toContain('is not parked');
    expect((await run('parked', 'discard', odd, '--reason', 'a test of ours')).code).toBe(0);
    expect((await run('parked', 'list')).out).toContain('nothing is parked');
    expect((await run('deliveries', 'list')).out).toContain('a test of ours');
  });
});
