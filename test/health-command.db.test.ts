import { afterAll, beforeAll, expect, it } from 'vitest';
import { objectOf, parseStored, type JsonObject } from '../src/base/json.ts';
import { WORK_LANES } from '../src/jobs/index.ts';
import { testDatabase, testTenant, type TestDatabase } from './database.ts';
import { environmentOf, millwright, type Outcome } from './millwright.ts';

const TENANT = '018f0000-0000-7000-8000-00000000c0ff';

let test: TestDatabase;

beforeAll(async () => {
  test = await testDatabase();
  await testTenant(test.database, TENANT, WORK_LANES, Date.now() + 3_600_000);
});
afterAll(() => test.drop());

const health = (...args: readonly string[]): Promise<Outcome> =>
  millwright(['health', ...args], '', environmentOf(test));
const jsonOf = async (): Promise<JsonObject> => objectOf(parseStored((await health('--json')).out));
const make = (sql: string): Promise<unknown> => test.owner.query(`update tenant_leases set ${sql}`);

it('is well while nothing is late, whoever is at work', async () => {
  await make(`holder = 'host/1', held_until = now() + interval '20 s', due_at = '9999-01-01' where lane = 'pull'`);
  const { code, out } = await health();
  expect([code, out]).toEqual([0, expect.stringContaining(': well')]);
  expect(out).toMatch(/^pull +at work +host\/1$/m);
  expect(await jsonOf()).toMatchObject({ stuck: [], oldestWebhookMs: null, waiting: { deliveries: 0 } });
});

it('is stuck with the reason when a lane waits for a process, or its holder died', async () => {
  await make(`due_at = now() - interval '10 min' where lane = 'deliver'`);
  await make(`held_until = now() - interval '3 min' where lane = 'pull'`);
  const { code, out } = await health();
  expect([code, out]).toEqual([1, expect.stringContaining('STUCK')]);
  expect(await jsonOf()).toMatchObject({
    stuck: [
      expect.stringMatching(/^lane deliver has waited 10(\.\d)? minutes/),
      expect.stringMatching(/^lane pull has waited 3(\.\d)? minutes/),
    ],
  });
  await make(`due_at = now() + interval '1 h', held_until = null, holder = null`);
});

it('says why a tenant rests', async () => {
  await test.owner.query(`update tenants set state = 'paused', state_reason = 'moving house'`);
  const { code, out } = await health();
  expect([code, out]).toEqual([0, expect.stringContaining('paused: moving house')]);
});
