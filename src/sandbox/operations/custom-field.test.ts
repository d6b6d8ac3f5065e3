import { expect, test } from 'vitest';
import { isObject, parseJson, type JsonObject } from '../../base/json.ts';
import { openReceiver, openSandbox, recordOf, rowsOf, type Client, type Reply } from '../testing.ts';

function listIn(reply: Reply): readonly JsonObject[] {
  const parsed = parseJson(reply.text);
  return 'value' in parsed && Array.isArray(parsed.value) ? parsed.value.filter(isObject) : [];
}

async function define(client: Client, entity: string, label: string, type = 'oneline'): Promise<number> {
  const reply = await client.call('POST', `/customfields/${entity}`, { fields: [{ label, type }] });
  expect([reply.status, reply.text]).toEqual([200, expect.any(String)]);
  return Number(listIn(reply)[0]?.['id']);
}

async function newAsset(client: Client, extraFields: JsonObject): Promise<number> {
  return Number((await client.call('POST', '/assets', { name: 'Press', extraFields })).json['id']);
}

const fieldsAt = async (client: Client, id: number): Promise<unknown> =>
  recordOf(await client.get(`/assets/${id}`), 'asset')['extraFields'];

test('FACTS 2.3: a label is a filter as soon as its field is defined, and not before', async () => {
  await using client = await openSandbox();
  expect((await client.get('/assets?Industry=Food')).status).toBe(400);
  await define(client, 'assets', 'Industry');
  const none = await client.get('/assets?Industry=Food');
  expect([none.status, rowsOf(none, 'assets')]).toEqual([200, []]);
  expect((await client.get('/parts?Industry=Food')).status).toBe(400);
  const id = await newAsset(client, { Industry: 'Food' });
  expect(rowsOf(await client.get('/assets?Industry=Food&Industry=Steel'), 'assets').map((row) => row['id'])).toEqual([
    id,
  ]);
});

test('only numbers and single lines can be filtered by', async () => {
  await using client = await openSandbox();
  await define(client, 'vendors', 'Rating', 'number');
  await define(client, 'vendors', 'Since', 'date');
  expect((await client.get('/vendors?Rating=5')).status).toBe(200);
  expect((await client.get('/vendors?Since=2020-01-01')).status).toBe(400);
});

test('FACTS 2.3: a label that is also a parameter is asked for with __c', async () => {
  await using client = await openSandbox();
  for (const label of ['limit', 'locationId']) await define(client, 'assets', label);
  const id = await newAsset(client, { limit: 'ten', locationId: 'hall' });
  for (const query of ['limit__c=ten', 'locationId__c=hall', 'limit=5&limit__c=ten'])
    expect(rowsOf(await client.get(`/assets?${query}`), 'assets').map((row) => row['id'])).toEqual([id]);
  expect((await client.get('/assets?limit=ten')).status).toBe(400);
});

test('FACTS 2.3: renaming a label renames the key of every record, without a word to anybody', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  const field = await define(client, 'workOrders', 'Invoice Status');
  await client.call('POST', '/subscriptions', { type: 'WORK_ORDER_CHANGE', url: receiver.url });
  const body = { title: 'Paint', extraFields: { 'Invoice Status': 'open' } };
  const path = `/workorders/${Number((await client.call('POST', '/workorders', body)).json['id'])}`;
  const shown = `${path}?expand=extra_fields`;
  const before = recordOf(await client.get(shown), 'workOrder');
  const renamed = await client.call('PATCH', `/customfields/workOrders/${field}`, { field: { label: 'Paid Status' } });
  expect([renamed.status, renamed.text]).toEqual([204, '']);
  const after = recordOf(await client.get(shown), 'workOrder');
  expect(after).toEqual({ ...before, extraFields: { 'Paid Status': 'open' } });
  expect((await client.call('PATCH', path, { extraFields: { 'Invoice Status': 'x' } })).status).toBe(400);
  expect(receiver.got).toEqual([]);
});

test('a deleted field takes its values along', async () => {
  await using client = await openSandbox();
  const field = await define(client, 'assets', 'Industry');
  const id = await newAsset(client, { Industry: 'Food', 'ERP number': '7' });
  expect((await client.call('DELETE', `/customfields/assets/${field}`)).status).toBe(204);
  expect(await fieldsAt(client, id)).toEqual({ 'ERP number': '7' });
  expect((await client.get('/assets?Industry=Food')).status).toBe(400);
  const gone = await client.call('DELETE', `/customfields/assets/${field}`);
  expect([gone.status, gone.json]).toEqual([404, { error: 'Custom Fields Not Found' }]);
});

const RECORDS: readonly (readonly [entity: string, path: string, body: JsonObject])[] = [
  ['assets', '/assets', { name: 'a' }],
  ['locations', '/locations', { name: 'a' }],
  ['parts', '/parts', { name: 'a' }],
  ['vendors', '/vendors', { name: 'a' }],
  ['workOrders', '/workorders', { title: 'a' }],
];

test.each(RECORDS)('%s: a value for a field that is not defined is refused', async (entity, path, body) => {
  await using client = await openSandbox();
  const withValue = { ...body, extraFields: { Colour: 'red' } };
  const refused = await client.call('POST', path, withValue);
  expect([refused.status, rowsOf(refused, 'errors')[0]]).toEqual([
    400,
    { error: 'custom field not found', fieldPath: 'extraFields.Colour', fieldValue: 'red' },
  ]);
  await define(client, entity, 'Colour');
  expect((await client.call('POST', path, withValue)).status).toBeLessThan(300);
});

test('the lines of purchase orders have fields of their own', async () => {
  await using client = await openSandbox();
  const vendorId = Number(client.sandbox.records('vendor')[0]?.['id']);
  const line = { name: 'Nut', quantityOrdered: 5, unitCost: 12, lineExtraFields: { Batch: '7' } };
  const order = { vendorId, items: [line] };
  expect((await client.call('POST', '/purchaseorders', order)).status).toBe(400);
  const field = await define(client, 'lineItemPurchaseOrders', 'Batch');
  const { id } = (await client.call('POST', '/purchaseorders', order)).json;
  await client.call('PATCH', `/customfields/lineItemPurchaseOrders/${field}`, { field: { label: 'Lot' } });
  const read = recordOf(await client.get(`/purchaseorders/${Number(id)}`), 'purchaseOrder');
  expect(read['items']).toMatchObject([{ lineExtraFields: { Lot: '7' } }]);
});

test('fields are listed by their weight, which a new place changes', async () => {
  await using client = await openSandbox();
  for (const label of ['One', 'Two', 'Three']) await define(client, 'parts', label);
  const labels = async (): Promise<unknown[]> =>
    listIn(await client.get('/customfields/parts')).map(({ label }) => label);
  expect(await labels()).toEqual(['ERP material', 'One', 'Two', 'Three']);
  const three = listIn(await client.get('/customfields/parts')).at(-1);
  await client.call('PATCH', `/customfields/parts/${Number(three?.['id'])}`, {
    field: { sortIndex: 1, required: true },
  });
  expect(await labels()).toEqual(['ERP material', 'Three', 'One', 'Two']);
  expect(listIn(await client.get('/customfields/parts'))[1]).toMatchObject({ required: true });
});

test('a label is given once, and a choice needs something to choose from; of several fields all are made or none', async () => {
  await using client = await openSandbox();
  const call = (fields: readonly JsonObject[]): Promise<Reply> =>
    client.call('POST', '/customfields/assets', { fields });
  expect(
    (
      await call([
        { label: 'A', type: 'oneline' },
        { label: 'A', type: 'number' },
      ])
    ).status,
  ).toBe(400);
  expect(
    (
      await call([
        { label: 'A', type: 'oneline' },
        { label: 'ERP number', type: 'oneline' },
      ])
    ).status,
  ).toBe(400);
  expect((await call([{ label: 'A', type: 'singleSelect' }])).status).toBe(400);
  expect(listIn(await client.get('/customfields/assets'))).toHaveLength(2);
  expect((await call([{ label: 'A', type: 'singleSelect', options: ['x', 'y'] }])).status).toBe(200);
  expect(listIn(await client.get('/customfields/assets')).at(-1)).toMatchObject({ label: 'A', options: ['x', 'y'] });
});
