import { expect, test } from 'vitest';
import type { Json } from '../../base/json.ts';
import { fixedClock, openSandbox, send, type Client } from '../testing.ts';
import { faultPlanFrom } from './check-plan.ts';
import type { FaultPlan } from './plan.ts';

const put = (client: Client, plan: Json): ReturnType<typeof send> =>
  send(`${client.sandbox.controlUrl}/faults`, 'PUT', {}, plan);

const ROUGH: FaultPlan = {
  seed: 42,
  serverError: { probability: 0.3 },
  tooManyRequests: [{ probability: 0.2 }, { probability: 0.1, operations: ['listTeams'] }],
  emptyPage: { probability: 0.2 },
  latency: { probability: 0.5, ms: [0, 3] },
};

/** What forty requests meet under this plan. */
async function rough(plan: FaultPlan): Promise<readonly unknown[]> {
  await using client = await openSandbox({ faults: plan, clock: fixedClock() });
  const answers: unknown[] = [];
  for (let count = 0; count < 40; count++) {
    const { status, text } = await client.get(count % 3 === 0 ? '/teams' : '/assets?limit=3');
    answers.push([status, text.length]);
  }
  return [answers, client.sandbox.faultLog()];
}

test('the same seed and the same requests meet the same faults, another seed others', async () => {
  const [first, again, other] = [await rough(ROUGH), await rough(ROUGH), await rough({ ...ROUGH, seed: 43 })];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test('a fault more does not move the others', async () => {
  const strikes = async (plan: FaultPlan): Promise<readonly unknown[]> => {
    await using client = await openSandbox({ faults: plan });
    for (let count = 0; count < 30; count++) await client.get('/teams?limit=1');
    return client.sandbox
      .faultLog()
      .filter(({ fault }) => fault === 'serverError')
      .map(({ request }) => request);
  };
  const plan = { serverError: { probability: 0.3 } };
  expect(
    await strikes({ ...plan, latency: { ms: 1, probability: 0.5 }, reset: { probability: 0 }, emptyPage: {} }),
  ).toEqual(await strikes(plan));
});

test('a fault that comes first takes requests from another, and moves it nowhere', async () => {
  const strikes = async (plan: FaultPlan): Promise<readonly unknown[]> => {
    await using client = await openSandbox({ faults: plan });
    for (let count = 0; count < 12; count++) await client.get('/teams?limit=1').catch(() => undefined);
    return client.sandbox.faultLog().map(({ fault, request }) => `${fault} ${request}`);
  };
  expect(await strikes({ reset: { every: 3 } })).toEqual(['reset 3', 'reset 6', 'reset 9', 'reset 12']);
  expect(await strikes({ serverError: { at: [2, 6] }, reset: { every: 3 } })).toEqual([
    'serverError 2',
    'reset 3',
    'serverError 6',
    'reset 9',
    'reset 12',
  ]);
});

test('each fault that strikes is in the log, with its operation and the number of the request', async () => {
  await using client = await openSandbox({ clock: fixedClock() });
  await put(client, {
    serverError: [
      { every: 2, operations: ['getAsset'] },
      { at: [1], methods: ['POST'] },
    ],
  });
  for (const path of ['/assets/1', '/assets/2', '/teams', '/assets/3', '/assets/4']) await client.get(path);
  await client.call('POST', '/vendors', { name: 'X' });
  const log = await fetch(`${client.sandbox.controlUrl}/faults/log`);
  const of = { time: '2026-09-14T12:00:00.000Z', fault: 'serverError', organizationId: client.sandbox.organizationId };
  expect(await log.json()).toEqual([
    { seq: 1, ...of, rule: 0, request: 2, operation: 'getAsset' },
    { seq: 2, ...of, rule: 0, request: 5, operation: 'getAsset' },
    { seq: 3, ...of, rule: 1, request: 6, operation: 'createVendor' },
  ]);
  expect(client.sandbox.faultLog(2).map(({ seq }) => seq)).toEqual([3]);
});

test('a schedule: after some, not more often than, from and until a time', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const struck = async (count: number): Promise<boolean[]> => {
    const found: boolean[] = [];
    for (let made = 0; made < count; made++) found.push((await client.get('/teams?limit=1')).status === 503);
    return found;
  };
  client.sandbox.setFaults({ serverError: { after: 1, times: 2 } });
  expect(await struck(5)).toEqual([false, true, true, false, false]);
  client.sandbox.setFaults({ serverError: { fromMs: 100, untilMs: 200 } });
  expect(await struck(1)).toEqual([false]);
  clock.move(100);
  expect(await struck(1)).toEqual([true]);
  clock.move(100);
  expect(await struck(1)).toEqual([false]);
});

test('of faults that exclude one another one strikes, and no other is logged', async () => {
  await using client = await openSandbox({ faults: { reset: {}, serverError: {}, emptyPage: {} } });
  expect((await client.get('/teams')).status).toBe(503);
  expect(client.sandbox.faultLog().map(({ fault }) => fault)).toEqual(['serverError']);
});

test('the control API shows, replaces and clears what goes wrong', async () => {
  await using client = await openSandbox({ faults: { serverError: {} } });
  const shown = await send(`${client.sandbox.controlUrl}/faults`, 'GET', {});
  expect(shown.json).toEqual({ serverError: {} });
  expect((await put(client, { seed: 5, revokedKey: {} })).status).toBe(200);
  expect((await client.get('/teams')).status).toBe(401);
  expect((await send(`${client.sandbox.controlUrl}/faults`, 'DELETE', {})).status).toBe(204);
  expect((await client.get('/teams')).status).toBe(200);
});

test('what is no fault is refused with its field, and changes nothing', async () => {
  await using client = await openSandbox({ faults: { serverError: {} } });
  const pathOf = async (plan: Json): Promise<unknown> => {
    const { status, json } = await put(client, plan);
    expect(status).toBe(400);
    return json['errors'];
  };
  const at = (fieldPath: string): unknown => [expect.objectContaining({ fieldPath })];
  expect(await pathOf({ gremlins: {} })).toEqual(at('gremlins'));
  expect(await pathOf({ latency: {} })).toEqual(at('latency.ms'));
  expect(await pathOf({ latency: [{ ms: 5 }, { ms: -1 }] })).toEqual(at('latency.1.ms'));
  expect(await pathOf({ serverError: { status: 418 } })).toEqual(at('serverError.status'));
  expect(await pathOf({ serverError: { operations: ['listWorkorders'] } })).toEqual(at('serverError.operations.0'));
  expect(await pathOf({ dropHook: { events: ['NEW'] } })).toEqual(at('dropHook.events.0'));
  expect(await pathOf({ dropHook: { operations: [] } })).toEqual(at('dropHook.operations'));
  expect(await pathOf({ seed: -1 })).toEqual(at('seed'));
  expect(await pathOf({ reset: true })).toEqual(at('reset'));
  expect((await client.get('/teams')).status).toBe(503);
});

test('programs and command lines are told what is wrong', async () => {
  await using client = await openSandbox();
  expect(() => client.sandbox.setFaults({ latency: { ms: -1 } })).toThrow("'latency.ms' must be >= 0");
  expect(() => faultPlanFrom('{"gremlins":{}}')).toThrow("'gremlins' is no fault");
  expect(() => faultPlanFrom('{')).toThrow('not JSON');
  expect(faultPlanFrom('{"latency":{"ms":5}}')).toEqual({ latency: { ms: 5 } });
});
