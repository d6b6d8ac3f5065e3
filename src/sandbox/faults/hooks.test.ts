import { expect, test } from 'vitest';
import { fixedClock, openReceiver, openSandbox, type Client } from '../testing.ts';

type Receiver = Awaited<ReturnType<typeof openReceiver>>;

async function subscribe(client: Client, receiver: Receiver): Promise<number> {
  const body = { type: 'NEW_VENDOR', url: receiver.url };
  return Number((await client.call('POST', '/subscriptions', body)).json['id']);
}

/** Ids of the vendors made, in order. */
async function makeVendors(client: Client, count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let made = 0; made < count; made++)
    ids.push(Number((await client.call('POST', '/vendors', { name: `Vendor ${made}` })).json['id']));
  return ids;
}

const told = (receiver: Receiver): number[] => receiver.got.map(({ body }) => Number(body['vendorId']));
const byNumber = (left: number, right: number): number => left - right;
const soon = (ms = 100): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

test('dropHook: some never come', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox({ faults: { dropHook: { every: 2, events: ['NEW_VENDOR'] } } });
  await subscribe(client, receiver);
  const [first, , third] = await makeVendors(client, 4);
  await receiver.next(2);
  await soon();
  expect(told(receiver).toSorted(byNumber)).toEqual([first, third]);
  expect(client.sandbox.faultLog().map(({ fault, delivery, event }) => [fault, delivery, event])).toEqual([
    ['dropHook', 2, 'NEW_VENDOR'],
    ['dropHook', 4, 'NEW_VENDOR'],
  ]);
});

test('doubleHook: the same body comes twice, or more often', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox({ faults: { doubleHook: [{ at: [1] }, { at: [2], copies: 3 }] } });
  await subscribe(client, receiver);
  const [first, second] = await makeVendors(client, 2);
  await receiver.next(5);
  expect(told(receiver).toSorted(byNumber)).toEqual([first, first, second, second, second]);
  const ofFirst = receiver.got.filter(({ body }) => body['vendorId'] === first).map(({ raw }) => raw);
  expect(new Set(ofFirst).size).toBe(1);
});

test('lateHook: it comes later by the clock, signed then', async () => {
  const clock = fixedClock();
  await using receiver = await openReceiver();
  await using client = await openSandbox({ clock, faults: { lateHook: { ms: 120_000 } } });
  await subscribe(client, receiver);
  await makeVendors(client, 1);
  clock.move(119_999);
  await soon();
  expect(receiver.got).toHaveLength(0);
  clock.move(1);
  await receiver.next(1);
  expect(receiver.got[0]?.body['occurredAt']).toBe('2026-09-14T12:00:00.000Z');
  const signedAt = Date.parse('2026-09-14T12:02:00.000Z') / 1000;
  expect(receiver.got[0]?.headers['x-maintainx-webhook-body-signature']).toMatch(new RegExp(`^t=${signedAt},`));
});

test('shuffleHooks: they come in another order, the last few too', async () => {
  await using receiver = await openReceiver();
  const faults = { seed: 3, shuffleHooks: { size: 6, withinMs: 50 } };
  await using client = await openSandbox({ faults });
  await subscribe(client, receiver);
  const ids = await makeVendors(client, 8);
  await receiver.next(8);
  const got = told(receiver);
  expect(got.toSorted(byNumber)).toEqual(ids);
  expect(got).not.toEqual(ids);
});

test('vanishingSubscription: it is gone, and nobody is told', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox({ faults: { vanishingSubscription: { at: [2], events: ['NEW_VENDOR'] } } });
  const id = await subscribe(client, receiver);
  await client.call('POST', '/subscriptions', { type: 'WEBHOOK_ARCHIVED', url: `${receiver.url}/archived` });
  const [first] = await makeVendors(client, 3);
  await soon();
  expect(told(receiver)).toEqual([first]);
  expect(receiver.got.map(({ path }) => path)).toEqual(['/']);
  expect((await client.get(`/subscriptions/${id}`)).status).toBe(404);
});

test('clockOff: the t of signatures is off', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox({ clock: fixedClock(), faults: { clockOff: { offsetMs: 3_600_000 } } });
  await subscribe(client, receiver);
  await makeVendors(client, 1);
  await receiver.next(1);
  const t = Date.parse('2026-09-14T13:00:00.000Z') / 1000;
  expect(receiver.got[0]?.headers['x-maintainx-webhook-uri-signature']).toMatch(new RegExp(`^t=${t},`));
});
