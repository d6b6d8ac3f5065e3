import { expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { openReceiver, openSandbox, send, type Client } from '../testing.ts';

async function subscribe(client: Client, body: JsonObject): Promise<void> {
  expect((await client.call('POST', '/subscriptions', body)).status).toBe(201);
}

async function newWorkOrder(client: Client, fields: JsonObject = {}): Promise<number> {
  return Number((await client.call('POST', '/workorders', { title: 'Hello', ...fields })).json['id']);
}

test('FACTS 1.3: eventType is there or is not, as one likes, with customerId null beside it', async () => {
  for (const [eventTypeInHooks, expected] of [
    ['never', [undefined, undefined]],
    ['always', ['NEW_WORK_ORDER', 'NEW_WORK_ORDER']],
    ['some', [undefined, 'NEW_WORK_ORDER']],
  ] as const) {
    await using receiver = await openReceiver();
    await using client = await openSandbox({ eventTypeInHooks });
    await subscribe(client, { type: 'NEW_WORK_ORDER', url: receiver.url });
    for (const count of [1, 2]) {
      await newWorkOrder(client);
      await receiver.next(count);
    }
    expect(receiver.got.map(({ body }) => body['eventType'])).toEqual(expected);
    expect(receiver.got.map(({ body }) => body['customerId'])).toEqual(expected.map((one) => (one ? null : undefined)));
  }
});

test('the control API switches how webhooks are sent', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  await subscribe(client, { type: 'NEW_WORK_ORDER', url: receiver.url });
  const { controlUrl } = client.sandbox;
  const switched = await send(`${controlUrl}/hooks`, 'PUT', {}, { eventTypeInHooks: 'always' });
  expect(switched.json).toEqual({ eventTypeInHooks: 'always', approveSubscriptions: true });
  await newWorkOrder(client);
  await receiver.next(1);
  expect(receiver.got[0]?.body['eventType']).toBe('NEW_WORK_ORDER');
  const wrong = await send(`${controlUrl}/hooks`, 'PUT', {}, { eventTypes: 'always' });
  expect([wrong.status, wrong.json['errors']]).toEqual([400, [expect.objectContaining({ fieldPath: 'eventTypes' })]]);
});

test('FACTS 1.3: the entity comes only when asked for, and of it only what was filtered when asked for', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  const type = 'WORK_ORDER_CHANGE';
  const filters = { oneOfProperties: ['PRIORITY', 'ASSIGNEES'] };
  await subscribe(client, { type, url: `${receiver.url}/thin` });
  await subscribe(client, { type, url: `${receiver.url}/whole`, options: { serializeEntity: true } });
  const some = { serializeEntity: true, onlySerializeFilteredProperties: true };
  await subscribe(client, { type, url: `${receiver.url}/some`, options: some, filters });
  const id = await newWorkOrder(client);
  await client.call('PATCH', `/workorders/${id}`, { priority: 'HIGH' });
  await receiver.next(3);
  const entityAt = (path: string): unknown =>
    receiver.got.find((delivery) => delivery.path === path)?.body['newWorkOrder'];
  expect(entityAt('/thin')).toBeUndefined();
  expect(entityAt('/whole')).toMatchObject({ title: 'Hello', priority: 'HIGH' });
  expect(entityAt('/some')).toEqual({ priority: 'HIGH', assigneeIds: [] });
});

test('a filter of properties lets only their changes through', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  await subscribe(client, { type: 'WORK_ORDER_CHANGE', url: receiver.url, filters: { oneOfProperties: ['TITLE'] } });
  const id = await newWorkOrder(client);
  await client.call('PATCH', `/workorders/${id}`, { priority: 'HIGH' });
  await client.call('PATCH', `/workorders/${id}`, { title: 'Other' });
  await receiver.next(1);
  await new Promise((resolve) => void setTimeout(resolve, 50));
  expect(receiver.got).toHaveLength(1);
});

test('filters of purchase orders name statuses and vendors', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  const [vendor, other] = client.sandbox.records('vendor').map(({ id }) => Number(id));
  const type = 'PURCHASE_ORDER_STATUS_CHANGE';
  await subscribe(client, {
    type,
    url: receiver.url,
    options: { serializePurchaseOrder: true },
    filters: { oneOfStatuses: ['PENDING'], vendors: [vendor ?? 0] },
  });
  for (const vendorId of [other, vendor]) {
    const order = { title: 'Bearings', vendorId: vendorId ?? 0, items: [] };
    const { id } = (await client.call('POST', '/purchaseorders', order)).json;
    await client.call('PATCH', `/purchaseorders/${Number(id)}/status`, { status: 'PENDING' });
  }
  await receiver.next(1);
  expect(receiver.got.map(({ body }) => [body['vendorId'], body['newStatus']])).toEqual([[vendor, 'PENDING']]);
  expect(receiver.got[0]?.body['purchaseOrder']).toMatchObject({ status: 'PENDING' });
});

test('a filter of slash commands names one command', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  await subscribe(client, { type: 'NEW_SLASH_COMMAND', url: receiver.url, filters: { command: 'order' } });
  const id = await newWorkOrder(client);
  for (const content of ['/call Nora', '/order two bearings'])
    await client.call('POST', `/workorders/${id}/comments`, { content });
  await receiver.next(1);
  await new Promise((resolve) => void setTimeout(resolve, 50));
  expect(receiver.got.map(({ body }) => body['content'])).toEqual(['two bearings']);
});

test('FACTS 1.3: WORK_ORDER_DELETE carries the entity as WorkOrder, with a capital W', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  await subscribe(client, { type: 'WORK_ORDER_DELETE', url: receiver.url, options: { serializeEntity: true } });
  const id = await newWorkOrder(client);
  await client.call('DELETE', `/workorders/${id}`);
  await receiver.next(1);
  expect(receiver.got[0]?.body).toMatchObject({ workOrderId: id, WorkOrder: { title: 'Hello' } });
});

test('FACTS 1.3: the filter of part statuses is lower-case, what it lets through is not', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  const type = 'WORK_ORDER_PART_STATUS_CHANGE';
  await subscribe(client, { type, url: receiver.url, filters: { oneOfPartStatuses: ['issued'] } });
  const planned = client.sandbox.records('work-order').find(({ partStatus }) => partStatus === 'ASSIGNED');
  const id = Number(planned?.['id']);
  await client.call('PATCH', `/workorders/${id}/status`, { status: 'DONE' });
  await receiver.next(1);
  expect(receiver.got[0]?.body).toMatchObject({ oldPartStatus: 'ASSIGNED', newPartStatus: 'ISSUED' });
});

test('tokens of users never are in a webhook, whatever a subscription asks for', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  const options = { includeOAuthTokensInPayload: true };
  await subscribe(client, { type: 'WORK_ORDER_STATUS_CHANGE', url: receiver.url, options });
  const id = await newWorkOrder(client);
  await client.call('PATCH', `/workorders/${id}/status`, { status: 'IN_PROGRESS' });
  await receiver.next(1);
  expect(receiver.got[0]?.raw).not.toMatch(/token|sandbox-key/i);
});
