import { expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { fixedClock, openReceiver, openSandbox, send, type Client, type Reply } from '../testing.ts';

const subscribe = (client: Client, body: JsonObject): Promise<Reply> => client.call('POST', '/subscriptions', body);

/** Sends a vendor into the world: each makes one NEW_VENDOR. */
const newVendor = (client: Client): Promise<Reply> => client.call('POST', '/vendors', { name: 'Another' });

const soon = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 80));

/** Waits until it is true, two seconds at most. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !isTrue(); tries++) await new Promise((resolve) => void setTimeout(resolve, 10));
  expect(isTrue()).toBe(true);
}

test('FACTS 1.2: a subscription has one event and one URL of 512 characters at most', async () => {
  await using client = await openSandbox();
  const status = async (body: JsonObject): Promise<number> => (await subscribe(client, body)).status;
  const base = 'http://a.example/';
  expect(await status({ type: 'NEW_ASSET', url: base + 'x'.repeat(512 - base.length) })).toBe(201);
  expect(await status({ type: 'NEW_ASSET', url: base + 'x'.repeat(513 - base.length) })).toBe(400);
  expect(await status({ type: 'workorder.created', url: base })).toBe(400);
  expect(await status({ type: 'NEW_ASSET', url: 'ftp://a.example' })).toBe(400);
  expect(await status({ type: 'NEW_ASSET' })).toBe(400);
});

test('each event takes its own options and filters only', async () => {
  await using client = await openSandbox();
  const url = 'http://a.example';
  const refusal = async (body: JsonObject): Promise<unknown> =>
    (await subscribe(client, { url, ...body })).json['errors'];
  const path = (fieldPath: string): unknown => [expect.objectContaining({ fieldPath })];
  expect(await refusal({ type: 'NEW_VENDOR', filters: {} })).toEqual(path('filters'));
  expect(await refusal({ type: 'NEW_ASSET', options: { serialiseEntity: true } })).toEqual(
    path('options.serialiseEntity'),
  );
  for (const body of [
    { type: 'WORK_ORDER_STATUS_CHANGE', filters: { oneOfStatuses: ['CLOSED'] } },
    { type: 'WORK_ORDER_PART_STATUS_CHANGE', filters: { oneOfPartStatuses: ['KITTED'] } },
    { type: 'PART_CHANGE', filters: { oneOfProperties: ['NAME'] } },
  ])
    expect((await subscribe(client, { url, ...body })).status).toBe(400);
  for (const body of [
    { type: 'WORK_ORDER_PART_STATUS_CHANGE', filters: { oneOfPartStatuses: ['kitted'] } },
    { type: 'PURCHASE_ORDER_STATUS_CHANGE', options: { omitSendToVendorPopup: true }, filters: { vendors: [1] } },
    { type: 'NEW_SLASH_COMMAND', filters: { command: 'order' } },
  ])
    expect((await subscribe(client, { url, ...body })).status).toBe(201);
});

test('FACTS 1.2: a subscription that waits for approval gets nothing until it is approved', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox({ approveSubscriptions: false });
  const made = await subscribe(client, { type: 'NEW_VENDOR', url: receiver.url });
  expect(made.json['status']).toBe('PENDING_APPROVAL');
  const id = Number(made.json['id']);
  expect((await client.get(`/subscriptions/${id}`)).json).toMatchObject({
    subscription: { status: 'PENDING_APPROVAL' },
  });
  await newVendor(client);
  await soon();
  expect(receiver.got).toHaveLength(0);
  const approved = await send(`${client.sandbox.controlUrl}/subscriptions/${id}/approve`, 'POST', {});
  expect([approved.status, approved.json]).toEqual([200, { id, status: 'VALID' }]);
  await newVendor(client);
  await receiver.next(1);
  expect(receiver.got).toHaveLength(1);
  expect((await send(`${client.sandbox.controlUrl}/subscriptions/1/approve`, 'POST', {})).status).toBe(404);
});

test('PATCH sends the same secret elsewhere, or another event', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  const { id } = (await subscribe(client, { type: 'NEW_ASSET', url: 'http://a.example' })).json;
  const patched = await client.call('PATCH', `/subscriptions/${Number(id)}`, { url: receiver.url, type: 'NEW_VENDOR' });
  expect(patched.json['subscription']).toEqual({ id, type: 'NEW_VENDOR', url: receiver.url, status: 'VALID' });
  await newVendor(client);
  await receiver.next(1);
  expect(receiver.got).toHaveLength(1);
  expect((await client.call('PATCH', `/subscriptions/${Number(id)}`, { options: {} })).status).toBe(400);
});

test('the control API counts deliveries by subscription', async () => {
  await using good = await openReceiver();
  await using bad = await openReceiver(503);
  await using client = await openSandbox();
  await subscribe(client, { type: 'NEW_VENDOR', url: good.url });
  await subscribe(client, { type: 'NEW_VENDOR', url: bad.url });
  await newVendor(client);
  await newVendor(client);
  await until(() => client.sandbox.stats().hooks.acknowledged === 2 && client.sandbox.stats().hooks.failed === 2);
  const told = await fetch(`${client.sandbox.controlUrl}/subscriptions`);
  expect(await told.json()).toEqual([
    expect.objectContaining({
      type: 'NEW_VENDOR',
      sent: 2,
      acknowledged: 2,
      failed: 0,
      lastAnswer: '200',
      failingSince: null,
    }),
    expect.objectContaining({
      sent: 2,
      acknowledged: 0,
      failed: 2,
      lastAnswer: '503',
      failingSince: expect.any(Number),
    }),
  ]);
  expect(client.sandbox.subscriptions().map(({ sent }) => sent)).toEqual([2, 2]);
});

test('FACTS 1.2: a subscription that fails for long is deleted, and WEBHOOK_ARCHIVED tells of it', async () => {
  const clock = fixedClock();
  await using bad = await openReceiver(500);
  await using watch = await openReceiver();
  await using client = await openSandbox({ clock });
  const { id } = (await subscribe(client, { type: 'NEW_VENDOR', url: bad.url })).json;
  await subscribe(client, { type: 'WEBHOOK_ARCHIVED', url: watch.url });
  await newVendor(client);
  await until(() => client.sandbox.stats().hooks.failed === 1);
  clock.move(23 * 3_600_000);
  await newVendor(client);
  await until(() => client.sandbox.stats().hooks.failed === 2);
  expect((await client.get(`/subscriptions/${Number(id)}`)).status).toBe(200);
  clock.move(3_600_000);
  await newVendor(client);
  await watch.next(1);
  expect(watch.got[0]?.body).toMatchObject({ webhookId: id, actorId: expect.any(Number) });
  expect((await client.get(`/subscriptions/${Number(id)}`)).status).toBe(404);
});

test('one success in between keeps a subscription', async () => {
  const clock = fixedClock();
  let status = 500;
  await using client = await openSandbox({ clock, deleteFailingAfterMs: 1000 });
  await using receiver = await openReceiver(() => status);
  await subscribe(client, { type: 'NEW_VENDOR', url: receiver.url });
  for (const next of [500, 200, 500]) {
    status = next;
    await newVendor(client);
    await until(() => client.sandbox.stats().hooks.underWay === 0);
    clock.move(900);
  }
  expect(client.sandbox.subscriptions()).toHaveLength(1);
});

test('FACTS 1.2: a receiver that takes too long has failed', async () => {
  await using client = await openSandbox({ hookTimeoutMs: 50 });
  await using receiver = await openReceiver(() => new Promise(() => undefined));
  await subscribe(client, { type: 'NEW_VENDOR', url: receiver.url });
  await newVendor(client);
  await until(() => client.sandbox.stats().hooks.failed === 1);
  expect(client.sandbox.subscriptions()[0]?.lastAnswer).toBe('timed out');
});
