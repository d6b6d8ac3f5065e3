import { createServer } from 'node:http';
import { expect } from 'vitest';
import { openReceiver, openSandbox } from '../../src/sandbox/testing.ts';
import { HOOK_EVENTS } from '../../src/maintainx/index.ts';
import { fact } from './fact.ts';
import { made, subscribe, told } from './hooks.ts';

const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

fact('1.2 ten-seconds', async () => {
  await using client = await openSandbox({ hookTimeoutMs: 200 });
  const late = createServer((_, response) => void setTimeout(() => response.writeHead(200).end(), 600));
  await new Promise<void>((resolve) => void late.listen(0, '127.0.0.1', resolve));
  const address = late.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await subscribe(client, 'NEW_VENDOR', `http://127.0.0.1:${port}/late`);
  await made(client, '/vendors', { name: 'Bolts' });
  await wait(1000);
  expect(client.sandbox.stats().hooks).toMatchObject({ acknowledged: 0, failed: 1 });
  late.closeAllConnections();
  late.close();
});

fact('1.2 no-retry', async () => {
  await using client = await openSandbox();
  await using receiver = await openReceiver(500);
  await subscribe(client, 'NEW_VENDOR', receiver.url);
  await made(client, '/vendors', { name: 'Bolts' });
  await receiver.next(1);
  await wait(500);
  expect(receiver.got).toHaveLength(1);
});

fact('1.2 failing-deleted', async () => {
  await using client = await openSandbox({ deleteFailingAfterMs: 200 });
  await using receiver = await openReceiver();
  await using broken = await openReceiver(500);
  await subscribe(client, 'WEBHOOK_ARCHIVED', `${receiver.url}/archived`);
  const { id } = await subscribe(client, 'NEW_VENDOR', broken.url);
  for (let count = 0; count < 4; count++) {
    await made(client, '/vendors', { name: `Bolts ${count}` });
    await wait(120);
  }
  expect((await client.get(`/subscriptions/${Number(id)}`)).status).toBe(404);
  await receiver.next(1);
  expect(receiver.got[0]?.body).toMatchObject({ webhookId: id });
});

fact('1.2 no-delivery-id', async () => {
  await using client = await openSandbox();
  const [delivery] = await told(client, ['NEW_VENDOR'], () => client.call('POST', '/vendors', { name: 'Bolts' }));
  const names = [...Object.keys(delivery?.headers ?? {}), ...Object.keys(delivery?.body ?? {})];
  expect(names.filter((name) => /(event|delivery|message|request|webhook)-?id/i.test(name))).toEqual([]);
});

fact('1.2 url-length', async () => {
  await using client = await openSandbox();
  const url = (length: number): string => 'http://127.0.0.1:9/'.padEnd(length, 'a');
  const post = (length: number): ReturnType<typeof client.call> =>
    client.call('POST', '/subscriptions', { type: 'NEW_VENDOR', url: url(length) });
  expect((await post(512)).status).toBe(201);
  const refused = await post(513);
  expect([refused.status, refused.json]).toMatchObject([400, { errors: [{ fieldPath: 'url' }] }]);
});

fact('1.2 pending-approval', async () => {
  await using client = await openSandbox({ approveSubscriptions: false });
  await using receiver = await openReceiver();
  const { id, status } = await subscribe(client, 'NEW_VENDOR', receiver.url);
  expect(status).toBe('PENDING_APPROVAL');
  await made(client, '/vendors', { name: 'Before' });
  await wait(100);
  client.sandbox.approve(Number(id));
  await made(client, '/vendors', { name: 'After' });
  await receiver.next(1);
  await wait(50);
  expect(receiver.got).toHaveLength(1);
});

fact('1.2 no-list', async () => {
  await using client = await openSandbox();
  await subscribe(client, 'NEW_VENDOR', 'http://127.0.0.1:9/x');
  expect((await client.get('/subscriptions')).status).toBe(404);
});

fact('1.2 one-event', async () => {
  await using client = await openSandbox();
  for (const type of [['NEW_VENDOR', 'NEW_ASSET'], 'workorder.created', '*'])
    expect((await client.call('POST', '/subscriptions', { type, url: 'http://127.0.0.1:9/x' })).status).toBe(400);
  for (const type of Object.keys(HOOK_EVENTS))
    expect((await client.call('POST', '/subscriptions', { type, url: 'http://127.0.0.1:9/x' })).status).toBe(201);
});

fact('1.2 skip-webhook', async () => {
  await using client = await openSandbox();
  const got = await told(
    client,
    ['NEW_WORK_ORDER', 'WORK_ORDER_CHANGE'],
    async () => {
      for (const yes of ['true', '1', 'yes']) await made(client, `/workorders?skipWebhook=${yes}`, { title: 'Quiet' });
      await made(client, '/workorders', { title: 'Quiet too', skipRestHook: true });
      await made(client, '/workorders?skipWebhook=false', { title: 'Loud' });
    },
    { options: { serializeEntity: true } },
  );
  expect(got.map(({ body }) => body['newWorkOrder'])).toMatchObject([{ title: 'Loud' }]);
});
