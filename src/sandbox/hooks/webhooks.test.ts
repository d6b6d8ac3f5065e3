import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { HookEvent } from '../../maintainx/catalogue/index.ts';
import type { JsonObject } from '../../base/json.ts';
import { textOf } from '../plant/row.ts';
import { signature } from './signature.ts';
import { openReceiver, openSandbox, type Client } from '../testing.ts';

async function subscribe(client: Client, type: HookEvent, url: string, more: JsonObject = {}): Promise<JsonObject> {
  const reply = await client.call('POST', '/subscriptions', { type, url: `${url}/${type}`, ...more });
  expect(reply.status).toBe(201);
  return reply.json;
}

/** Written anew here, so that the sandbox does not check itself. */
function verify(header: string | string[] | undefined, secret: string, payload: string): boolean {
  const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(header)) ?? [];
  return (
    v1 ===
    createHmac('sha256', Buffer.from(secret, 'utf8'))
      .update(`${String(t)}.${payload}`)
      .digest('hex')
  );
}

test('signs as the test vector of the facts', () => {
  const secret = 'mx_11111111-2222-4333-8444-555555555555_66666666-7777-4888-9999-aaaaaaaaaaaa';
  const body =
    '{"eventType":"NEW_WORK_ORDER","occurredAt":"2026-09-14T13:03:18.971Z","orgId":1,"workOrderId":42,"customerId":null,"userId":7}';
  expect(signature(secret, 1789390999, body)).toBe(
    't=1789390999,v1=8c3f965c44ee22551ceaf3a9c37debaaeae3621323115f67f0ca9780b7dc7ec5',
  );
});

test('a change is told to its subscription, signed over body and URI', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  const { secret } = await subscribe(client, 'NEW_WORK_ORDER', receiver.url);
  expect(secret).toMatch(/^mx_[0-9a-f-]{36}_[0-9a-f-]{36}$/);
  const { id } = (await client.call('POST', '/workorders', { title: 'Hello' })).json;
  await receiver.next(1);
  const [delivery] = receiver.got;
  expect(delivery?.body).toEqual({
    workOrderId: id,
    orgId: client.sandbox.organizationId,
    occurredAt: expect.any(String),
  });
  expect(verify(delivery?.headers['x-maintainx-webhook-body-signature'], textOf(secret), delivery?.raw ?? '')).toBe(
    true,
  );
  const uri = `${receiver.url}/NEW_WORK_ORDER`;
  expect(verify(delivery?.headers['x-maintainx-webhook-uri-signature'], textOf(secret), uri)).toBe(true);
});

test('each subscription has its own secret, which can be read again', async () => {
  await using client = await openSandbox();
  const [one, two] = [
    await subscribe(client, 'NEW_ASSET', 'http://a.example'),
    await subscribe(client, 'NEW_ASSET', 'http://a.example'),
  ];
  expect(one['secret']).not.toBe(two['secret']);
  expect((await client.get(`/subscriptions/${Number(one['id'])}/secret`)).json).toEqual({ secret: one['secret'] });
  expect((await client.get('/subscriptions')).status).toBe(404);
  await client.call('DELETE', `/subscriptions/${Number(one['id'])}`);
  expect((await client.get(`/subscriptions/${Number(one['id'])}`)).status).toBe(404);
});

test('a cancelled work order is DONE with the sub-status CANCELED; the snapshot comes when asked for', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  await subscribe(client, 'WORK_ORDER_STATUS_CHANGE', receiver.url, {
    options: { serializeEntity: true },
    filters: { oneOfStatuses: ['CANCELED'] },
  });
  const { id } = (await client.call('POST', '/workorders', { title: 'Hello' })).json;
  await client.call('PATCH', `/workorders/${Number(id)}/status`, { status: 'IN_PROGRESS' });
  await client.call('PATCH', `/workorders/${Number(id)}/status`, { status: 'CANCELED' });
  await receiver.next(1);
  expect(receiver.got).toHaveLength(1);
  const body: unknown = receiver.got[0]?.body;
  expect(body).toMatchObject({
    workOrderId: id,
    oldStatus: 'IN_PROGRESS',
    newStatus: 'DONE',
    newSubStatus: 'CANCELED',
    newWorkOrder: { title: 'Hello' },
  });
});

test('skipWebhook keeps quiet, and a failing receiver is not asked twice', async () => {
  await using receiver = await openReceiver(500);
  await using client = await openSandbox();
  await subscribe(client, 'NEW_VENDOR', receiver.url);
  await client.call('POST', '/vendors?skipWebhook=yes', { name: 'Silent' });
  await client.call('POST', '/vendors', { name: 'Loud' });
  await receiver.next(1);
  await new Promise((resolve) => void setTimeout(resolve, 100));
  expect(receiver.got).toHaveLength(1);
  expect(client.sandbox.stats().hooks).toMatchObject({ sent: 1, acknowledged: 0, failed: 1, underWay: 0 });
});
