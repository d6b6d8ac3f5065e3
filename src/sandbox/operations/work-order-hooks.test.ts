import { expect, test, vi } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { idOf } from '../plant/row.ts';
import { fixedClock, openReceiver, openSandbox, type Client } from '../testing.ts';

async function subscribe(client: Client, type: string, url: string, more: JsonObject = {}): Promise<void> {
  const reply = await client.call('POST', '/subscriptions', { type, url: `${url}/${type}`, ...more });
  expect(reply.status).toBe(201);
}

async function made(client: Client, body: JsonObject = {}): Promise<number> {
  return idOf((await client.call('POST', '/workorders', { title: 'Pump', ...body })).json);
}

test('FACTS 1.3: WORK_ORDER_CHANGE tells of the properties it names and of money, not of time or anything else', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  const id = await made(client);
  await subscribe(client, 'WORK_ORDER_CHANGE', receiver.url, { options: { serializeEntity: true } });
  await client.call('PATCH', `/workorders/${id}`, { externalData: 'E-17', type: 'OTHER' });
  await client.call('POST', `/workorders/${id}/costs`, { type: 'TIME', costType: 'WORK', durationTotal: 60 });
  await client.call('POST', `/workorders/${id}/costs`, { type: 'EXPENSE', costType: 'OTHER', costPerUnit: 500 });
  await client.call('PATCH', `/workorders/${id}`, { priority: 'LOW' });
  await receiver.next(2);
  expect(receiver.got.map(({ body }) => body)).toMatchObject([
    { workOrderId: id, newWorkOrder: { costs: { total: 500 } } },
    { workOrderId: id, newWorkOrder: { priority: 'LOW' } },
  ]);
});

test('FACTS 1.3: the part status has its own event, whose filter is in lower case', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  const [part] = client.sandbox.records('part');
  const id = await made(client, { partsUsed: [{ partId: idOf(part ?? {}), quantityUsed: 1 }] });
  const filters = { oneOfPartStatuses: ['kitted'] };
  await subscribe(client, 'WORK_ORDER_PART_STATUS_CHANGE', receiver.url, { filters });
  for (const partStatus of ['RESERVED', 'KITTED'])
    await client.call('PATCH', `/workorders/${id}/partStatus`, { partStatus });
  await receiver.next(1);
  expect(receiver.got.map(({ body }) => body)).toMatchObject([
    { workOrderId: id, oldPartStatus: 'RESERVED', newPartStatus: 'KITTED' },
  ]);
});

test('FACTS 1.3: a new request is told by workRequestId, its status by requestId', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  await subscribe(client, 'NEW_WORK_REQUEST', receiver.url);
  await subscribe(client, 'WORK_REQUEST_STATUS_CHANGE', receiver.url);
  const workRequestId = idOf((await client.call('POST', '/workrequests', { title: 'Leak' })).json);
  await made(client, { workRequestId });
  await receiver.next(2);
  const bodies = new Map(receiver.got.map(({ path, body }) => [path, body]));
  expect(bodies.get('/NEW_WORK_REQUEST')).toMatchObject({ workRequestId });
  expect(bodies.get('/WORK_REQUEST_STATUS_CHANGE')).toMatchObject({
    requestId: workRequestId,
    oldStatus: 'PENDING',
    newStatus: 'APPROVED',
  });
});

test('a status change tells how often each status was set; a new category and a comment are told', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  for (const type of ['WORK_ORDER_STATUS_CHANGE', 'NEW_CATEGORY_ON_WORK_ORDER', 'NEW_COMMENT_ON_WORK_ORDER'])
    await subscribe(client, type, receiver.url);
  const id = await made(client);
  await client.call('PATCH', `/workorders/${id}/status`, { status: 'IN_PROGRESS' });
  await client.call('PATCH', `/workorders/${id}`, { categories: ['Brand new'] });
  await client.call('POST', `/workorders/${id}/comments`, { content: 'Hello' });
  await receiver.next(3);
  const bodies = new Map(receiver.got.map(({ path, body }) => [path.slice(1), body]));
  expect(bodies.get('WORK_ORDER_STATUS_CHANGE')).toMatchObject({
    oldStatus: 'OPEN',
    newStatus: 'IN_PROGRESS',
    progress: { inProgressCount: 1, onHoldCount: 0, doneCount: 0 },
  });
  expect(bodies.get('NEW_CATEGORY_ON_WORK_ORDER')).toMatchObject({ newCategories: [{ name: 'Brand new' }] });
  expect(bodies.get('NEW_COMMENT_ON_WORK_ORDER')).toMatchObject({ type: 'TEXT', comment: 'Hello' });
});

test('skipRestHook and skipWebhook keep quiet', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  await subscribe(client, 'NEW_WORK_ORDER', receiver.url);
  await made(client, { skipRestHook: true });
  await client.call('POST', '/workorders?skipWebhook=1', { title: 'Quiet' });
  const id = await made(client);
  await receiver.next(1);
  expect(receiver.got.map(({ body }) => body['workOrderId'])).toEqual([id]);
});

test('a work order becomes overdue once, and once more after a new due date', async () => {
  const clock = fixedClock();
  await using receiver = await openReceiver();
  await using client = await openSandbox({ clock });
  const id = await made(client, { dueDate: '2026-09-14T13:00:00Z' });
  await subscribe(client, 'WORK_ORDER_OVERDUE', receiver.url);
  const told = async (dueDate: string, count: number): Promise<void> => {
    clock.move(2 * 3_600_000);
    client.sandbox.setRate(1);
    // The life looks at the due dates every 25 changes.
    clock.move(30_000);
    await vi.waitFor(() => expect(ours()).toHaveLength(count), { timeout: 3000, interval: 10 });
    client.sandbox.setRate(0);
    expect(ours().at(-1)).toMatchObject({ workOrderId: id, dueDate });
  };
  const ours = () => receiver.got.map(({ body }) => body).filter(({ workOrderId }) => workOrderId === id);
  await told('2026-09-14T13:00:00.000Z', 1);
  await client.call('PATCH', `/workorders/${id}`, { dueDate: '2026-09-14T15:00:00Z' });
  await told('2026-09-14T15:00:00.000Z', 2);
});
