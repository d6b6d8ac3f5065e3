import { expect, test } from 'vitest';
import { CORE_KINDS, coreEntry, type CoreKind } from '../../maintainx/catalogue/index.ts';
import type { JsonObject } from '../../base/json.ts';
import { objectOf } from '../../base/json.ts';
import { openSandbox, recordOf, rowsOf } from '../testing.ts';

function bodyFor(kind: CoreKind, vendorId: number): JsonObject {
  if (kind === 'user') return { firstName: 'Ada', lastName: 'Byron' };
  if (kind === 'category') return { label: 'Software' };
  if (kind === 'meter') return { name: 'Pressure', unit: 'bar' };
  if (kind === 'purchase-order') return { vendorId, items: [{ name: 'Nut', quantityOrdered: 5, unitCost: 12 }] };
  return ['work-order', 'work-request'].includes(kind) ? { title: 'Made by test' } : { name: 'Made by test' };
}

test.each(CORE_KINDS)('%s: created, read, edited, deleted, gone', async (kind) => {
  await using client = await openSandbox();
  const { path, createStatus, singleKey } = coreEntry(kind);
  const vendorId = Number(client.sandbox.records('vendor')[0]?.['id']);
  const created = await client.call('POST', path, bodyFor(kind, vendorId));
  expect(created.status).toBe(createStatus);
  // Only a purchase order is answered in full.
  expect(Object.keys(created.json).length > 1).toBe(kind === 'purchase-order');
  const one = `${path}/${Number(created.json['id'])}`;
  expect(recordOf(await client.get(one), singleKey)['id']).toBe(created.json['id']);
  const edited = await client.call('PATCH', one, editFor(kind));
  expect(recordOf(edited, singleKey)).toMatchObject(editFor(kind));
  const deleted = await client.call('DELETE', one);
  expect([deleted.status, deleted.text]).toEqual([204, '']);
  const gone = await client.get(one);
  expect([gone.status, gone.json]).toEqual([404, { error: 'Not Found.' }]);
  expect((await client.call('PATCH', one, editFor(kind))).json).toEqual({
    error: `${kind === 'purchase-order' ? 'Purchase Order' : singleKey} Not Found`,
  });
});

function editFor(kind: CoreKind): JsonObject {
  if (kind === 'user') return { firstName: 'Augusta' };
  return kind === 'purchase-order' ? { note: 'edited' } : { description: 'edited' };
}

test('every edit moves updatedAt by at least a millisecond; a comment only lastMessageSentAt', async () => {
  await using client = await openSandbox();
  const { id } = (await client.call('POST', '/workorders', { title: 'Watch me' })).json;
  const read = async (): Promise<JsonObject> => recordOf(await client.get(`/workorders/${Number(id)}`), 'workOrder');
  const times = [(await read())['updatedAt']];
  for (const title of ['One', 'Two', 'Three']) {
    await client.call('PATCH', `/workorders/${Number(id)}`, { title });
    times.push((await read())['updatedAt']);
  }
  expect(new Set(times).size).toBe(4);
  const before = await read();
  expect((await client.call('POST', `/workorders/${Number(id)}/comments`, { content: 'Hello' })).status).toBe(201);
  const after = await read();
  expect(after['updatedAt']).toBe(before['updatedAt']);
  expect(after['lastMessageSentAt']).toBeDefined();
  const comments = rowsOf(await client.get(`/workorders/${Number(id)}/comments`), 'comments');
  expect(comments.map((comment) => comment['content'])).toEqual(['Hello']);
});

test('the status of a work order changes only at its own path, and never to SKIPPED', async () => {
  await using client = await openSandbox();
  const { id } = (await client.call('POST', '/workorders', { title: 'Pump' })).json;
  const one = `/workorders/${Number(id)}`;
  expect((await client.call('PATCH', one, { status: 'DONE' })).status).toBe(400);
  expect((await client.call('PATCH', `${one}/status`, { status: 'SKIPPED' })).status).toBe(400);
  const done = recordOf(await client.call('PATCH', `${one}/status`, { status: 'DONE' }), 'workOrder');
  expect(done).toMatchObject({ status: 'DONE', completerId: expect.any(Number), completedAt: expect.any(String) });
});

test('a purchase order follows its table of transitions', async () => {
  await using client = await openSandbox();
  const order = client.sandbox.records('purchase-order').find((record) => record['status'] === 'REQUESTED');
  const path = `/purchaseorders/${Number(order?.['id'])}/status`;
  expect((await client.call('PATCH', path, { status: 'APPROVED' })).status).toBe(400);
  expect((await client.call('PATCH', path, { status: 'PENDING' })).status).toBe(200);
  const approved = recordOf(await client.call('PATCH', path, { status: 'APPROVED' }), 'purchaseOrder');
  expect(approved).toMatchObject({ status: 'APPROVED', approverId: expect.any(Number) });
});

test('meter readings move the last reading and not the meter', async () => {
  await using client = await openSandbox();
  const [meter] = client.sandbox.records('meter');
  const reply = await client.call('POST', '/meterreadings', [{ meterId: Number(meter?.['id']), value: 4711 }]);
  expect(reply.status).toBe(201);
  const after = recordOf(await client.get(`/meters/${Number(meter?.['id'])}?expand=last_reading`), 'meter');
  expect(objectOf(after['lastReading'])['value']).toBe(4711);
  expect(after['updatedAt']).toBe(meter?.['updatedAt']);
});

test('the old stock fields of a part are refused where it lies in several places', async () => {
  await using client = await openSandbox();
  const part = client.sandbox.records('part').find(({ locations }) => Array.isArray(locations) && locations.length > 1);
  const path = `/parts/${Number(part?.['id'])}`;
  expect((await client.call('PATCH', path, { availableQuantity: 3 })).status).toBe(400);
  const place = { locationId: Number(part?.['locationId']), availableQuantity: 3 };
  const edited = await client.call('PATCH', path, { locations: { addedUpdated: [place], removedLocationIds: [] } });
  expect(edited.status).toBe(200);
});

test.each([
  ['/workorders', {}, 'title'],
  ['/workorders', { title: 5 }, 'title'],
  ['/workorders', { title: 'a', colour: 'red' }, 'colour'],
  ['/workorders', { title: 'a', priority: 'URGENT' }, 'priority'],
  ['/workorders', { title: 'a', assignees: [{ id: 1 }] }, 'assignees.0.type'],
  ['/workorders', { title: 'a', startDate: '2026-01-01T00:00:00Z' }, 'startDate'],
  ['/workorders', { title: 'a', assetId: 1 }, 'assetId'],
])('POST %s %j is refused because of %s', async (path, body, fieldPath) => {
  await using client = await openSandbox();
  const reply = await client.call('POST', path, body);
  expect(reply.status).toBe(400);
  expect(rowsOf(reply, 'errors').map((error) => error['fieldPath'])).toEqual([fieldPath]);
});

test('a part or purchase order whose deletedAt is written is deleted', async () => {
  await using client = await openSandbox();
  for (const kind of ['part', 'purchase-order'] as const) {
    const id = Number(client.sandbox.records(kind).find(({ status }) => status !== 'CANCELED')?.['id']);
    const one = `${coreEntry(kind).path}/${id}`;
    const deletedAt = '2026-01-01T00:00:00.000Z';
    const patched = await client.call('PATCH', one, { deletedAt });
    expect(recordOf(patched, coreEntry(kind).singleKey)['deletedAt']).toBe(deletedAt);
    expect((await client.get(one)).status).toBe(404);
  }
});
