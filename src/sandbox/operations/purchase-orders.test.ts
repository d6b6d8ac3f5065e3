import { expect, test } from 'vitest';
import { objectOf, type JsonObject } from '../../base/json.ts';
import { idOf, objectsOf } from '../plant/row.ts';
import { openReceiver, openSandbox, recordOf, rowsOf, type Client } from '../testing.ts';

interface Ordered {
  readonly path: string;
  readonly here: number;
  readonly there: number;
  readonly part: string;
}

/** An order of five bearings at 12.50 and some freight. */
async function order(client: Client, more: JsonObject = {}): Promise<Ordered> {
  const [here = 0, there = 0] = client.sandbox.records('location').map(idOf);
  const vendorId = idOf(client.sandbox.records('vendor')[0] ?? {});
  const part = await client.call('POST', '/parts', {
    name: 'Bearing',
    locations: [{ locationId: here, availableQuantity: 1 }],
  });
  const partId = Number(part.json['id']);
  const label = { label: 'Project', type: 'oneline' };
  await client.call('POST', '/customfields/lineItemPurchaseOrders', { fields: [label] });
  const items = [{ partId, quantityOrdered: 5, unitCost: 1250, lineExtraFields: { Project: 'P-7' } }];
  const made = await client.call('POST', '/purchaseorders', { vendorId, items, ...more });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  return { path: `/purchaseorders/${Number(made.json['id'])}`, here, there, part: `/parts/${partId}` };
}

const read = async (client: Client, path: string): Promise<JsonObject> =>
  recordOf(await client.get(path), 'purchaseOrder');
const lineOf = async (client: Client, path: string): Promise<JsonObject> =>
  objectsOf((await read(client, path))['items'])[0] ?? {};
const setStatus = async (client: Client, path: string, ...statuses: readonly string[]): Promise<number> => {
  let last = 0;
  for (const status of statuses) last = (await client.call('PATCH', `${path}/status`, { status })).status;
  return last;
};

test.each([
  [[], ['CANCELED', 'DECLINED', 'PENDING']],
  [['PENDING'], ['APPROVED', 'CANCELED', 'DECLINED', 'PENDING']],
  [['DECLINED'], ['CANCELED', 'DECLINED', 'PENDING']],
  [
    ['PENDING', 'APPROVED'],
    ['APPROVED', 'CANCELED'],
  ],
  [['CANCELED'], ['CANCELED']],
])('an order after %j may only become %j, at /status and by plain PATCH', async (course, allowed) => {
  await using client = await openSandbox();
  for (const status of ['APPROVED', 'CANCELED', 'COMPLETED', 'DECLINED', 'PARTIALLY_FULFILLED', 'PENDING']) {
    const expected = allowed.includes(status) ? 200 : 400;
    const { path } = await order(client);
    await setStatus(client, path, ...course);
    expect([status, await setStatus(client, path, status)]).toEqual([status, expected]);
    const { path: other } = await order(client);
    await setStatus(client, other, ...course);
    const plain = await client.call('PATCH', other, { status });
    expect([status, plain.status]).toEqual([status, course.includes('CANCELED') ? 400 : expected]);
  }
});

test('goods arrive per place, go into the stock and lead the status; a complete order can be reopened', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  const { path, here, there, part } = await order(client);
  await client.call('POST', '/subscriptions', {
    type: 'PURCHASE_ORDER_STATUS_CHANGE',
    url: receiver.url,
    options: { serializePurchaseOrder: true },
    filters: { oneOfStatuses: ['PARTIALLY_FULFILLED', 'COMPLETED'] },
  });
  const fulfil = (...places: readonly JsonObject[]): ReturnType<Client['call']> =>
    lineOf(client, path).then((line) =>
      client.call('PATCH', `${path}/fulfillment`, { items: [{ id: idOf(line), fulfillments: places }] }),
    );
  expect((await fulfil({ locationId: here, quantityReceived: 1 })).status).toBe(400);
  await setStatus(client, path, 'PENDING', 'APPROVED');
  expect((await fulfil({ locationId: here, quantityReceived: 2 })).status).toBe(200);
  expect((await read(client, path))['status']).toBe('PARTIALLY_FULFILLED');
  // What has arrived at a place is told as a whole, so a repeated call changes nothing.
  await fulfil({ locationId: here, quantityReceived: 2 }, { locationId: there, quantityReceived: 3 });
  expect(await read(client, path)).toMatchObject({ status: 'COMPLETED' });
  expect(await lineOf(client, path)).toMatchObject({
    quantityReceived: 5,
    fulfillments: [
      { locationId: here, quantityReceived: '2', isLegacy: false },
      { locationId: there, quantityReceived: '3', isLegacy: false },
    ],
  });
  const stock = objectsOf(recordOf(await client.get(part), 'part')['locations']);
  expect(stock.map(({ locationId, availableQuantity }) => [locationId, availableQuantity])).toEqual([
    [here, 3],
    [there, 3],
  ]);
  expect(await setStatus(client, path, 'PARTIALLY_FULFILLED')).toBe(200);
  await receiver.next(3);
  expect(receiver.got.map((one) => [one.body['oldStatus'], one.body['newStatus']])).toEqual([
    ['APPROVED', 'PARTIALLY_FULFILLED'],
    ['PARTIALLY_FULFILLED', 'COMPLETED'],
    ['COMPLETED', 'PARTIALLY_FULFILLED'],
  ]);
  expect(objectOf(receiver.got[0]?.body['purchaseOrder'])).toMatchObject({ items: [{ quantityReceived: 2 }] });
  expect(client.sandbox.stats().multiLocationParts.on).toBe(true);
});

test('FACTS 2.4: the deprecated quantityReceived switches multi-location parts off and fails for a part in two places', async () => {
  await using client = await openSandbox();
  const { path, here, there, part } = await order(client);
  await setStatus(client, path, 'PENDING', 'APPROVED');
  const items = [{ id: idOf(await lineOf(client, path)), quantityReceived: 2 }];
  expect((await client.call('PATCH', `${path}/fulfillment`, { items })).status).toBe(200);
  expect(client.sandbox.stats().multiLocationParts.on).toBe(false);
  expect(await lineOf(client, path)).toMatchObject({ quantityReceived: 2, fulfillments: [{ isLegacy: true }] });
  expect(recordOf(await client.get(part), 'part')['availableQuantity']).toBe(3);
  const addedUpdated = [{ locationId: there, availableQuantity: 1 }, { locationId: here }];
  await client.call('PATCH', part, { locations: { addedUpdated, removedLocationIds: [] } });
  expect((await client.call('PATCH', `${path}/fulfillment`, { items })).status).toBe(400);
});

test('money is cents and decimals; lines, costs and custom fields are kept by their ids', async () => {
  await using client = await openSandbox();
  const costs = [{ name: 'Tax', type: 'PERCENT_TAXABLE', amount: 8 }];
  const { path } = await order(client, { costs, extraFields: { 'Invoice number': 'I-1' } });
  const line = await lineOf(client, path);
  expect(line).toMatchObject({
    unitCost: 1250,
    unitCostDecimal: '12.50',
    price: 6250,
    priceDecimal: '62.50',
    lineExtraFields: { Project: 'P-7' },
    extraFields: { Project: 'P-7' },
  });
  const items = [
    { id: idOf(line), quantityOrdered: 2 },
    { name: 'Freight', quantityOrdered: 1, unitCost: 900 },
  ];
  await client.call('PATCH', path, { items });
  const after = await read(client, path);
  expect(after['items']).toMatchObject([
    { id: idOf(line), price: 2500, lineExtraFields: { Project: 'P-7' } },
    { name: 'Freight' },
  ]);
  expect(after).toMatchObject({ costs, extraFields: { 'Invoice number': 'I-1' } });
  const unknown = await client.call('PATCH', path, { items: [{ id: 1, quantityOrdered: 2 }] });
  expect(rowsOf(unknown, 'errors')).toMatchObject([{ fieldPath: 'items.0.id' }]);
});

test('an address is written in full, and then by the id that the webhook tells', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  const shippingAddress = { city: 'Delft', country: 'NL', postalCode: '2611', state: 'ZH', street: 'Kade 1' };
  const { path } = await order(client, { shippingAddress });
  const options = { serializePurchaseOrder: true };
  await client.call('POST', '/subscriptions', { type: 'PURCHASE_ORDER_STATUS_CHANGE', url: receiver.url, options });
  await setStatus(client, path, 'PENDING');
  await receiver.next(1);
  const told = objectOf(objectOf(receiver.got[0]?.body['purchaseOrder'])['shippingAddress']);
  expect(told).toMatchObject(shippingAddress);
  const { path: other } = await order(client, { billingAddressId: idOf(told) });
  expect((await read(client, other))['billingAddress']).toEqual(shippingAddress);
  expect((await client.call('PATCH', other, { shippingAddressId: 1 })).status).toBe(400);
});

test('an order takes comments and mails, and both go when it is deleted', async () => {
  await using client = await openSandbox();
  const { path } = await order(client);
  const comment = await client.call('POST', `${path}/comments`, { content: 'When?' });
  expect([comment.status, comment.json]).toEqual([201, { id: expect.any(Number) }]);
  const mail = await client.call('POST', `${path}/emails`, { emails: ['sales@vendor.example'], emailsCC: null });
  expect([mail.status, mail.json]).toEqual([201, { id: Number(path.split('/')[2]) }]);
  expect((await client.call('POST', `${path}/emails`, { emails: ['nobody'] })).status).toBe(400);
  await client.call('DELETE', path);
  const late = await client.call('POST', `${path}/comments`, { content: 'Too late' });
  expect([late.status, late.json]).toEqual([404, { error: 'Purchase Order Not Found' }]);
});

test('a list row of an order says four things', async () => {
  await using client = await openSandbox();
  await order(client);
  const rows = rowsOf(await client.get('/purchaseorders?sort=-id&limit=1'), 'purchaseOrders');
  expect(Object.keys(rows[0] ?? {}).toSorted()).toEqual(['createdAt', 'id', 'status', 'updatedAt']);
});
