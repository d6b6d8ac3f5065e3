import { expect, test } from 'vitest';
import type { HookEvent } from '../../maintainx/catalogue/index.ts';
import type { JsonObject } from '../../base/json.ts';
import { objectsOf } from '../plant/row.ts';
import { openReceiver, openSandbox, recordOf, rowsOf, type Client } from '../testing.ts';

function place(client: Client): readonly [number, number] {
  const [here, there] = client.sandbox.records('location').map(({ id }) => Number(id));
  return [here ?? 0, there ?? 0];
}

async function madePart(client: Client, fields: JsonObject): Promise<string> {
  const { json, status, text } = await client.call('POST', '/parts', { name: 'Bearing', ...fields });
  expect([status, text]).toEqual([201, expect.any(String)]);
  return `/parts/${Number(json['id'])}`;
}

const read = async (client: Client, path: string): Promise<JsonObject> => recordOf(await client.get(path), 'part');

async function hear(client: Client, url: string, types: readonly HookEvent[]): Promise<void> {
  for (const type of types) await client.call('POST', '/subscriptions', { type, url: `${url}/${type}` });
}

test('places are added, changed and removed one by one, and each change of stock is told', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  const [here, there] = place(client);
  const path = await madePart(client, { locations: [{ locationId: here, availableQuantity: 5, minimumQuantity: 1 }] });
  await hear(client, receiver.url, ['PART_QUANTITY_CHANGE']);
  const addedUpdated = [
    { locationId: here, availableQuantity: 3 },
    { locationId: there, availableQuantity: 4, area: 'B2' },
  ];
  await client.call('PATCH', path, { locations: { addedUpdated, removedLocationIds: [] } });
  expect(await read(client, path)).toMatchObject({ availableQuantity: 7, inStockQuantity: 7, minimumQuantity: 1 });
  await client.call('PATCH', path, { locations: { addedUpdated: [], removedLocationIds: [here] } });
  expect(objectsOf((await read(client, path))['locations'])).toMatchObject([{ locationId: there, area: 'B2' }]);
  await receiver.next(2);
  expect(receiver.got[0]?.body).toMatchObject({
    quantityDiff: 2,
    oldQuantity: 5,
    newQuantity: 7,
    triggeredFrom: 'MANUAL_RESTOCK',
    locations: [
      { locationId: here, quantityDiff: -2, oldQuantity: 5, newQuantity: 3 },
      { locationId: there, quantityDiff: 4, oldQuantity: 0, newQuantity: 4 },
    ],
  });
  expect(receiver.got[1]?.body).toMatchObject({ quantityDiff: -3, locations: [{ locationId: here }] });
});

test('FACTS 2.4: a deprecated stock field switches multi-location parts off, and fails where there are several places', async () => {
  await using client = await openSandbox();
  const [here, there] = place(client);
  const one = await madePart(client, { locations: [{ locationId: here, availableQuantity: 5 }] });
  const two = await madePart(client, {
    locations: [{ locationId: here, availableQuantity: 5 }, { locationId: there }],
  });
  expect(client.sandbox.stats().multiLocationParts).toEqual({ on: true, offUntil: null });
  const refused = await client.call('PATCH', two, { availableQuantity: 9 });
  expect([refused.status, rowsOf(refused, 'errors').map((error) => error['fieldPath'])]).toEqual([
    400,
    ['availableQuantity'],
  ]);
  expect((await client.call('PATCH', one, { availableQuantity: 9, area: 'C1' })).status).toBe(200);
  expect(client.sandbox.stats().multiLocationParts).toEqual({ on: false, offUntil: expect.any(String) });
  expect(await read(client, one)).toMatchObject({ availableQuantity: 9, area: 'C1', locationId: here });
});

test('old and new stock fields together are refused, and so is a place that is not there', async () => {
  await using client = await openSandbox();
  const [here] = place(client);
  const both = { name: 'Nut', area: 'A', locations: [{ locationId: here }] };
  expect((await client.call('POST', '/parts', both)).status).toBe(400);
  const nowhere = await client.call('POST', '/parts', { name: 'Nut', locations: [{ locationId: 1 }] });
  expect(rowsOf(nowhere, 'errors')).toMatchObject([{ fieldPath: 'locations.0.locationId', fieldValue: 1 }]);
  const range = { locationId: here, minimumQuantity: 5, maximumQuantity: 4 };
  expect((await client.call('POST', '/parts', { name: 'Nut', locations: [range] })).status).toBe(400);
});

test('vendors and vendorIds say the same, whichever was written', async () => {
  await using client = await openSandbox();
  const [first, second] = client.sandbox.records('vendor').map(({ id }) => Number(id));
  const path = await madePart(client, { vendors: [{ vendorId: first ?? 0, partNumber: 'X-1' }] });
  expect((await read(client, path))['vendorIds']).toEqual([first]);
  await client.call('PATCH', path, { vendorIds: [first ?? 0, second ?? 0] });
  expect((await read(client, path))['vendors']).toEqual([{ vendorId: first, partNumber: 'X-1' }, { vendorId: second }]);
});

test('stock without a place is kept at the root', async () => {
  await using client = await openSandbox();
  const path = await madePart(client, { availableQuantity: 12, minimumQuantity: 2, area: 'Shelf' });
  expect(await read(client, path)).toMatchObject({ availableQuantity: 12, minimumQuantity: 2, area: 'Shelf' });
});

test('what the specification does not list as a property of a part tells no PART_CHANGE', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  const path = await madePart(client, {});
  await hear(client, receiver.url, ['PART_CHANGE', 'PART_DELETE']);
  await client.call('PATCH', path, { assignedQuantity: 2 });
  expect((await read(client, path))['assignedQuantity']).toBe(2);
  await client.call('DELETE', path);
  await receiver.next(1);
  expect(receiver.got.map((one) => one.path)).toEqual(['/PART_DELETE']);
});

test('FACTS 1.3: a transfer moves the stock and is told by PART_TRANSFER and PART_QUANTITY_CHANGE', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  const [here, there] = place(client);
  const from = await madePart(client, { unitCost: 700, locations: [{ locationId: here, availableQuantity: 5 }] });
  const to = await madePart(client, { locations: [{ locationId: there, availableQuantity: 1 }] });
  const ids = { sourcePartId: Number(from.split('/')[2]), destinationPartId: Number(to.split('/')[2]) };
  const made = await client.call('POST', '/parttransferrequests', { quantityRequested: 3, ...ids });
  const path = `/parttransferrequests/${Number(made.json['id'])}`;
  await hear(client, receiver.url, ['PART_TRANSFER', 'PART_QUANTITY_CHANGE']);
  expect((await client.call('PATCH', path, { status: 'COMPLETED' })).status).toBe(400);
  expect((await client.call('PATCH', path, { status: 'APPROVED', quantity: 9 })).status).toBe(400);
  const approved = await client.call('PATCH', path, { status: 'APPROVED', sourceLocationId: here });
  expect(recordOf(approved, 'partTransferRequest')).toMatchObject({ status: 'APPROVED', quantityTransferred: 3 });
  const destinationLocations = [{ locationId: there, quantity: 3 }];
  const done = await client.call('PATCH', path, { status: 'COMPLETED', destinationLocations });
  expect(recordOf(done, 'partTransferRequest')).toMatchObject({ quantityReceived: 3, destinationLocations });
  expect((await read(client, from))['availableQuantity']).toBe(2);
  expect((await read(client, to))['availableQuantity']).toBe(4);
  expect((await client.call('PATCH', path, { status: 'CANCELED' })).status).toBe(400);
  await receiver.next(4);
  const transfers = receiver.got.filter((one) => one.path === '/PART_TRANSFER').map((one) => one.body);
  expect(transfers.map((body) => body['triggeredFrom'])).toEqual(['REQUEST_APPROVAL', 'FULFILLMENT_APPROVAL']);
  expect(transfers[1]).toMatchObject({
    sourceData: { partId: ids.sourcePartId, partUnitCost: 700, locationId: here },
    destinationData: { partId: ids.destinationPartId, locations: [{ locationId: there, locationQuantity: 3 }] },
    triggeredAt: expect.any(String),
  });
  expect(transfers[1]).not.toHaveProperty('orgId');
  const listed = await client.get('/parttransferrequests?statuses=COMPLETED');
  expect(rowsOf(listed, 'partTransferRequests').map(({ id }) => id)).toContain(made.json['id']);
});

test('a transfer that is cancelled after its approval brings the stock back', async () => {
  await using client = await openSandbox();
  const [here] = place(client);
  const from = await madePart(client, { locations: [{ locationId: here, availableQuantity: 5 }] });
  const id = Number(from.split('/')[2]);
  const body = { quantityRequested: 2, sourcePartId: id, destinationPartId: id };
  const path = `/parttransferrequests/${Number((await client.call('POST', '/parttransferrequests', body)).json['id'])}`;
  await client.call('PATCH', path, { status: 'APPROVED' });
  expect((await read(client, from))['availableQuantity']).toBe(3);
  await client.call('PATCH', path, { status: 'CANCELED' });
  expect((await read(client, from))['availableQuantity']).toBe(5);
});
