import { expect } from 'vitest';
import { checkSignature } from '../../src/maintainx/index.ts';
import { openReceiver, openSandbox } from '../../src/sandbox/testing.ts';
import { wordOf } from '../../src/sandbox/plant/row.ts';
import { fact } from './fact.ts';
import { BODY_SIGNATURE, made, subscribe, told, URI_SIGNATURE, verifies } from './hooks.ts';

fact('1.1 signature-headers', async () => {
  await using client = await openSandbox();
  const [delivery] = await told(client, ['NEW_VENDOR'], () => client.call('POST', '/vendors', { name: 'Bolts' }));
  expect(Object.keys(delivery?.headers ?? {})).toEqual(expect.arrayContaining([BODY_SIGNATURE, URI_SIGNATURE]));
});

fact('1.1 header-form', async () => {
  await using client = await openSandbox();
  const [delivery] = await told(client, ['NEW_VENDOR'], () => client.call('POST', '/vendors', { name: 'Bolts' }));
  expect(delivery?.headers[BODY_SIGNATURE]).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  expect(delivery?.headers[URI_SIGNATURE]).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
});

fact('1.1 signed-string', async () => {
  await using client = await openSandbox();
  await using receiver = await openReceiver();
  const { secret } = await subscribe(client, 'NEW_VENDOR', receiver.url);
  await made(client, '/vendors', { name: 'Schräubchen & Söhne ✓' });
  await receiver.next(1);
  const [delivery] = receiver.got;
  expect(verifies(delivery?.headers[BODY_SIGNATURE], secret, delivery?.raw ?? '')).toBe(true);
  expect(verifies(delivery?.headers[BODY_SIGNATURE], 'another', delivery?.raw ?? '')).toBe(false);
});

fact('1.1 uri-signature', async () => {
  await using client = await openSandbox();
  await using receiver = await openReceiver();
  const url = `${receiver.url}/hooks/a?plant=1&line=b`;
  const { secret } = await subscribe(client, 'NEW_VENDOR', url);
  await made(client, '/vendors', { name: 'Bolts' });
  await receiver.next(1);
  expect(verifies(receiver.got[0]?.headers[URI_SIGNATURE], secret, url)).toBe(true);
});

fact('1.1 raw-bytes', async () => {
  await using client = await openSandbox();
  await using receiver = await openReceiver();
  const { secret } = await subscribe(client, 'NEW_VENDOR', receiver.url);
  await made(client, '/vendors', { name: 'Bolts' });
  await receiver.next(1);
  const [delivery] = receiver.got;
  const { raw = '', body = {} } = delivery ?? {};
  expect(raw).toBe(JSON.stringify(body));
  expect(verifies(delivery?.headers[BODY_SIGNATURE], secret, JSON.stringify(body, null, 1))).toBe(false);
});

fact('1.1 unit-of-t', async () => {
  await using client = await openSandbox();
  const [delivery] = await told(client, ['NEW_VENDOR'], () => client.call('POST', '/vendors', { name: 'Bolts' }));
  const t = Number(/^t=(\d+)/.exec(String(delivery?.headers[BODY_SIGNATURE]))?.[1]);
  expect(Math.abs(t * 1000 - Date.now())).toBeLessThan(60_000);
});

fact('1.1 secret-per-subscription', async () => {
  await using client = await openSandbox();
  const secrets = new Set<unknown>();
  for (let count = 0; count < 7; count++) {
    const { secret } = await subscribe(client, 'NEW_WORK_ORDER', 'http://127.0.0.1:9/same');
    expect(secret).toMatch(/^mx_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    secrets.add(secret);
  }
  expect(secrets.size).toBe(7);
});

fact('1.1 secret-readable', async () => {
  await using client = await openSandbox();
  const { id, secret, status } = await subscribe(client, 'NEW_WORK_ORDER', 'http://127.0.0.1:9/x');
  expect(status).toBe('VALID');
  expect((await client.get(`/subscriptions/${Number(id)}/secret`)).json).toEqual({ secret });
  expect((await client.get(`/subscriptions/${Number(id)}`)).text).not.toContain(wordOf(secret));
});

fact('1.1 no-rotation', async () => {
  await using client = await openSandbox();
  const { id, secret } = await subscribe(client, 'NEW_WORK_ORDER', 'http://127.0.0.1:9/x');
  for (const method of ['POST', 'PUT', 'PATCH'])
    expect((await client.call(method, `/subscriptions/${Number(id)}/secret`, {})).status).toBe(404);
  await client.call('PATCH', `/subscriptions/${Number(id)}`, { type: 'NEW_WORK_ORDER', url: 'http://127.0.0.1:9/y' });
  expect((await client.get(`/subscriptions/${Number(id)}/secret`)).json).toEqual({ secret });
});

fact('1.1 test-vector', () => {
  const check = checkSignature({
    header: 't=1789390999,v1=8c3f965c44ee22551ceaf3a9c37debaaeae3621323115f67f0ca9780b7dc7ec5',
    secret: 'mx_11111111-2222-4333-8444-555555555555_66666666-7777-4888-9999-aaaaaaaaaaaa',
    payload:
      '{"eventType":"NEW_WORK_ORDER","occurredAt":"2026-09-14T13:03:18.971Z","orgId":1,"workOrderId":42,"customerId":null,"userId":7}',
    now: 1_789_390_999_000,
  });
  expect(check).toMatchObject({ valid: true });
});

fact('1.1 invented', async () => {
  await using client = await openSandbox();
  expect((await client.call('POST', '/webhooks', { url: 'http://127.0.0.1:9' })).status).toBe(404);
  const [delivery] = await told(client, ['NEW_VENDOR'], () => client.call('POST', '/vendors', { name: 'Bolts' }));
  for (const name of ['x-maintainx-signature', 'x-maintainx-event-id'])
    expect(delivery?.headers).not.toHaveProperty(name);
});
