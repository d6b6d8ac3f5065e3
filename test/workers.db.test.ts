import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { carryOut, changeSettings } from '../src/administration/index.ts';
import { insertOrganizationLanes } from '../src/jobs/index.ts';
import { postgresStore } from '../src/store/index.ts';
import { testDatabase, testTenant, type TestDatabase } from './database.ts';

const NOW = Date.UTC(2026, 10, 30, 12);

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

it('a tenant of many organisations leaves workers to others: so many at once as were chosen for it, or for all', async () => {
  const [many, other] = [randomUUID(), randomUUID()];
  await testTenant(test.database, many, [], NOW);
  for (const organization of ['1', '2', '3', '4', '5'])
    await test.database.withTenant(many, (tx) => insertOrganizationLanes(tx, organization, NOW));
  await testTenant(test.database, other, ['pull'], NOW + 1);
  const { leases } = postgresStore(test.database);
  const claim = (at: number) => leases.claim('pull', 'p', at, 60_000, null, 2);
  const claimed = [await claim(NOW), await claim(NOW), await claim(NOW)];
  expect(claimed.map((lease) => lease?.tenantId)).toEqual([many, many, undefined]);
  expect((await claim(NOW + 1))?.tenantId).toBe(other);
  const office = { database: test.database, clock: { now: () => NOW, sleep: () => Promise.resolve() } };
  const order = { tenantId: many, actor: 'test', origin: 'test', action: 'changeSettings' };
  await carryOut(office, order, changeSettings({ workers: 4 }));
  const more = [await claim(NOW + 1), await claim(NOW + 1), await claim(NOW + 1)];
  expect(more.map((lease) => lease?.tenantId)).toEqual([many, many, undefined]);
  const [first] = claimed;
  if (first !== undefined) await leases.release(first, NOW + 60_000);
  expect((await claim(NOW + 2))?.tenantId).toBe(many);
  // Who died holds nothing any more.
  expect((await claim(NOW + 120_000))?.tenantId).toBeDefined();
});
