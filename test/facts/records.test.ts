import { expect } from 'vitest';
import { openSandbox, recordOf, rowsOf } from '../../src/sandbox/testing.ts';
import { objectOf, parseStored } from '../../src/base/json.ts';
import { listOf, wordOf } from '../../src/sandbox/plant/row.ts';
import { fact } from './fact.ts';
import { aRecord, fieldId, made } from './hooks.ts';

const KINDS = [
  ['assets', 'asset', { name: 'A' }],
  ['locations', 'location', { name: 'A' }],
  ['parts', 'part', { name: 'A' }],
  ['users', 'user', { firstName: 'Ada', lastName: 'B' }],
  ['meters', 'meter', { name: 'A', unit: 'C' }],
  ['vendors', 'vendor', { name: 'A' }],
  ['workorders', 'workOrder', { title: 'A' }],
  ['workrequests', 'workRequest', { title: 'A' }],
] as const;

fact('2.4 ids', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/workorders', { title: 'A' });
  const order = recordOf(await client.get(`/workorders/${id}`), 'workOrder');
  expect(Number.isInteger(order['id']) && Number.isInteger(order['sequentialId'])).toBe(true);
  const same = await client.get(`/workorders/${Number(order['sequentialId'])}?useSequentialId=true`);
  expect(recordOf(same, 'workOrder')['id']).toBe(id);
});

fact('2.4 wrapped', async () => {
  await using client = await openSandbox();
  for (const [path, key, body] of KINDS) {
    const id = await made(client, `/${path}`, body);
    expect(Object.keys((await client.get(`/${path}/${id}`)).json)).toEqual([key]);
    const patched = await client.call('PATCH', `/${path}/${id}`, body);
    expect([patched.status, Object.keys(patched.json)]).toEqual([200, [key]]);
  }
});

fact('2.4 empty-patch', async () => {
  await using client = await openSandbox();
  await client.call('POST', '/customfields/assets', { fields: [{ label: 'Zone', type: 'oneline' }] });
  const field = await fieldId(client, 'assets', 'Zone');
  const patched = await client.call('PATCH', `/customfields/assets/${field}`, { field: { label: 'Area' } });
  expect([patched.status, patched.text]).toEqual([204, '']);
  const meter = aRecord(client, 'meter');
  const meterTrigger = { name: 'Hot', meterId: meter.id, condition: 'IS_GREATER', amount: 80 };
  const id = await made(client, '/metertriggers', { meterTrigger });
  const trigger = await client.call('PATCH', `/metertriggers/${id}`, { meterTrigger: { name: 'Hotter' } });
  expect([trigger.status, trigger.text]).toEqual([204, '']);
});

fact('2.4 post-answers', async () => {
  await using client = await openSandbox();
  for (const [path, , body] of KINDS)
    expect(Object.keys((await client.call('POST', `/${path}`, body)).json)).toEqual(['id']);
  const vendor = aRecord(client, 'vendor');
  const order = await client.call('POST', '/purchaseorders', { vendorId: vendor.id, items: [] });
  expect(Object.keys(order.json)).toEqual(expect.arrayContaining(['id', 'status', 'vendorId', 'items', 'createdAt']));
  const meter = aRecord(client, 'meter');
  const readings = await client.call('POST', '/meterreadings', [{ meterId: meter.id, value: 7 }]);
  expect(JSON.parse(readings.text)).toEqual([expect.objectContaining({ meterId: meter.id, value: 7 })]);
});

fact('2.4 post-status', async () => {
  await using client = await openSandbox();
  for (const [path, , body] of KINDS) {
    const { status } = await client.call('POST', `/${path}`, body);
    expect([path, status]).toEqual([path, ['workorders', 'workrequests', 'locations'].includes(path) ? 200 : 201]);
  }
});

fact('2.4 status-path', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/workorders', { title: 'A' });
  expect((await client.call('PATCH', `/workorders/${id}`, { status: 'DONE' })).status).toBe(400);
  for (const status of ['IN_PROGRESS', 'ON_HOLD', 'CANCELED', 'OPEN', 'DONE'])
    expect(recordOf(await client.call('PATCH', `/workorders/${id}/status`, { status }), 'workOrder')['status']).toBe(
      status,
    );
  expect((await client.call('PATCH', `/workorders/${id}/status`, { status: 'SKIPPED' })).status).toBe(400);
});

fact('2.4 enums', async () => {
  await using client = await openSandbox();
  for (const priority of ['NONE', 'LOW', 'MEDIUM', 'HIGH']) await made(client, '/workorders', { title: 'A', priority });
  for (const type of ['REACTIVE', 'PREVENTIVE', 'OTHER']) await made(client, '/workorders', { title: 'A', type });
  for (const wrong of [{ priority: 'CRITICAL' }, { priority: 'URGENT' }, { type: 'CYCLE_COUNT' }])
    expect((await client.call('POST', '/workorders', { title: 'A', ...wrong })).status).toBe(400);
  expect((await client.get('/workorders?statuses=COMPLETED')).status).toBe(400);
});

fact('2.4 order-transitions', async () => {
  await using client = await openSandbox();
  const vendor = aRecord(client, 'vendor');
  const part = aRecord(client, 'part');
  const items = [{ partId: part.id, quantityOrdered: 2, unitCost: 100 }];
  const id = await made(client, '/purchaseorders', { vendorId: vendor.id, items });
  const move = async (status: string): Promise<number> =>
    (await client.call('PATCH', `/purchaseorders/${id}/status`, { status })).status;
  expect(await move('COMPLETED')).toBe(400);
  expect(await move('PENDING')).toBe(200);
  expect(await move('APPROVED')).toBe(200);
  expect(await move('REQUESTED')).toBe(400);
});

fact('2.4 assignees-written', async () => {
  await using client = await openSandbox();
  const refused = await client.call('POST', '/workorders', { title: 'A', assignees: [{ id: 1 }] });
  expect(refused.status).toBe(400);
  expect(rowsOf(refused, 'errors').map(({ fieldPath }) => fieldPath)).toContain('assignees.0.type');
});

fact('2.4 categories-written', async () => {
  await using client = await openSandbox();
  const category = aRecord(client, 'category');
  const id = await made(client, '/workorders', { title: 'A', categories: [wordOf(category['label'])] });
  expect(recordOf(await client.get(`/workorders/${id}`), 'workOrder')['categories']).toEqual([category['label']]);
});

fact('2.4 start-date', async () => {
  await using client = await openSandbox();
  const day = '2030-01-01T00:00:00.000Z';
  const refused = await client.call('POST', '/workorders', { title: 'A', startDate: day });
  expect([refused.status, rowsOf(refused, 'errors')[0]?.['fieldPath']]).toEqual([400, 'startDate']);
  await made(client, '/workorders', { title: 'A', startDate: day, dueDate: day });
});

fact('2.4 cents', async () => {
  await using client = await openSandbox();
  const part = await made(client, '/parts', { name: 'Bearing', unitCost: 12_300 });
  expect(recordOf(await client.get(`/parts/${part}`), 'part')['unitCost']).toBe(12_300);
  const vendor = aRecord(client, 'vendor');
  const items = [{ name: 'Bearing', quantityOrdered: 1, unitCost: 12_345 }];
  const id = await made(client, '/purchaseorders', { vendorId: vendor.id, items });
  const order = recordOf(await client.get(`/purchaseorders/${id}`), 'purchaseOrder');
  expect(order['items']).toMatchObject([{ unitCost: 12_345, unitCostDecimal: '123.45' }]);
});

fact('2.4 errors', async () => {
  await using client = await openSandbox();
  const write = await client.call('POST', '/assets', { name: 5 });
  expect([write.status, write.json]).toEqual([
    400,
    { errors: [{ error: 'must be string', fieldPath: 'name', fieldValue: 5 }] },
  ]);
  const read = await client.get('/assets?locationId=here');
  expect([read.status, Object.keys(read.json)]).toEqual([400, ['error']]);
});

fact('2.4 wrong-path', async () => {
  await using client = await openSandbox();
  const reply = await client.call('PUT', '/nonsense', {});
  expect([reply.status, reply.text]).toEqual([404, 'Cannot PUT /v1/nonsense']);
});

fact('2.4 no-idempotency', async () => {
  await using client = await openSandbox();
  const body = { title: 'Twice' };
  const headers = {
    authorization: `Bearer ${client.sandbox.apiKey}`,
    'idempotency-key': 'same',
    'content-type': 'application/json',
  };
  const post = async (): Promise<unknown> => {
    const response = await fetch(`${client.sandbox.url}/workorders`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    const created = parseStored(await response.text());
    return objectOf(created)['id'];
  };
  expect(await post()).not.toBe(await post());
});

fact('2.4 external-data', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/workorders', { title: 'A', externalData: { erp: 4711 } });
  expect(recordOf(await client.get(`/workorders/${id}`), 'workOrder')['externalData']).toEqual({ erp: 4711 });
  const row = rowsOf(await client.get('/workorders?limit=5'), 'workOrders').find((one) => one['id'] === id);
  expect(row).not.toHaveProperty('externalData');
  expect((await client.get('/workorders?externalData=4711')).status).toBe(400);
});

fact('2.4 cost-lines', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/workorders', { title: 'A' });
  await client.call('POST', `/workorders/${id}/costs`, {
    type: 'TIME',
    costType: 'WORK',
    durationTotal: 600,
    hourlyRate: 5000,
  });
  await client.call('POST', `/workorders/${id}/costs`, { type: 'EXPENSE', costType: 'TRAVEL', costPerUnit: 2500 });
  const query = '?expand=times&expand=time_items&expand=expenditures';
  const order = recordOf(await client.get(`/workorders/${id}${query}`), 'workOrder');
  const lines = [order['times'], order['timeItems'], order['expenditures']].flatMap(listOf);
  expect(lines.length).toBeGreaterThanOrEqual(2);
  for (const line of lines) expect(line).not.toHaveProperty('id');
});

fact('2.4 readings', async () => {
  await using client = await openSandbox();
  const meter = aRecord(client, 'meter');
  expect((await client.call('POST', '/meterreadings', { meterId: meter.id, value: 1 })).status).toBe(400);
  expect((await client.call('POST', '/meterreadings', [{ meterId: meter.id, value: 1 }])).status).toBe(201);
  expect((await client.call('POST', `/meters/${meter.id}/readings`, { readingValue: 2 })).status).toBe(201);
  for (const path of [`/meters/${meter.id}/readings`, '/meterreadings'])
    expect((await client.get(path)).status).toBe(404);
  const read = recordOf(await client.get(`/meters/${meter.id}?expand=last_reading`), 'meter');
  expect(read['lastReading']).toMatchObject({ value: 2 });
});

fact('2.4 backdating', async () => {
  await using client = await openSandbox();
  const meter = aRecord(client, 'meter', ({ measurementType }) => measurementType !== 'MANUAL');
  const ago = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
  const read = async (readingDate: string): Promise<number> =>
    (await client.call('POST', '/meterreadings', [{ meterId: meter.id, value: 1, readingDate }])).status;
  expect(await read(ago(2.9))).toBe(201);
  expect(await read(ago(3.1))).toBe(400);
});

fact('2.4 contact-info', async () => {
  await using client = await openSandbox();
  for (const [creatorContactInfo, type] of [
    ['ada@example.com', 'EMAIL'],
    ['+31 20 123 4567', 'PHONE'],
    ['the lady at the gate', 'OTHER'],
  ] as const) {
    const id = await made(client, '/workrequests', { title: 'It leaks', creatorContactInfo });
    expect(recordOf(await client.get(`/workrequests/${id}`), 'workRequest')['creatorContactInfo']).toMatchObject({
      type,
    });
  }
});

fact('2.4 durations', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/workorders', { title: 'A', estimatedTime: 5400 });
  const time = { type: 'TIME', costType: 'WORK', durationTotal: 1000, hourlyRate: 3600 };
  await client.call('POST', `/workorders/${id}/costs`, time);
  const query = '?expand=time_items&expand=estimated_time';
  const order = recordOf(await client.get(`/workorders/${id}${query}`), 'workOrder');
  expect(order['estimatedTime']).toBe(5400);
  expect(order['timeItems']).toMatchObject([{ durationTotal: 1000, quantity: 0.28, rowTotal: 1000 }]);
});

fact('2.4 external-data-of-users', async () => {
  await using client = await openSandbox();
  for (const externalData of [{ hr: 7 }, 7, 'seven']) {
    const id = await made(client, '/users', { firstName: 'Ada', lastName: 'B', externalData });
    expect(recordOf(await client.get(`/users/${id}`), 'user')['externalData']).toEqual(externalData);
  }
});
