import { expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { objectOf } from '../../base/json.ts';
import { idOf, listOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import { fixedClock, openSandbox, recordOf, rowsOf, type Client } from '../testing.ts';

async function made(client: Client, body: JsonObject): Promise<number> {
  const reply = await client.call('POST', '/workorders', { title: 'Pump', ...body });
  expect([reply.status, reply.json['errors']]).toEqual([200, undefined]);
  return idOf(reply.json);
}

const ALL = ['assignees', 'parts', 'estimated_time', 'extra_fields', 'times', 'time_items', 'expenditures'];
const read = async (client: Client, id: number): Promise<Row> =>
  recordOf(await client.get(`/workorders/${id}?${ALL.map((token) => `expand=${token}`).join('&')}`), 'workOrder');

const errorsOf = (reply: { readonly json: JsonObject }): readonly JsonObject[] => objectsOf(reply.json['errors']);

test('everything that is written on creation is read back', async () => {
  await using client = await openSandbox({ clock: fixedClock() });
  const [first, second] = client.sandbox.records('user');
  const [team] = client.sandbox.records('team');
  const [part] = client.sandbox.records('part');
  const email = textOf(second?.['email']);
  const id = await made(client, {
    description: 'It leaks',
    priority: 'HIGH',
    type: 'PREVENTIVE',
    dueDate: '2026-10-01T10:00:00+02:00',
    startDate: '2026-09-30T08:00:00Z',
    estimatedTime: 5400,
    assignees: [
      { type: 'USER', id: first?.['id'] ?? 0 },
      { type: 'USER', id: email },
      { type: 'TEAM', id: team?.['id'] ?? 0 },
    ],
    requesterId: email,
    categories: ['Brand new', 'Brand new'],
    externalData: { order: 'E-17' },
    extraFields: { 'Downtime minutes': '4' },
    partsUsed: [{ partId: idOf(part ?? {}), quantityUsed: 2, copyOnRecurring: 'NoCopy' }],
    repeatability: { type: 'DAILY' },
  });
  expect(await read(client, id)).toMatchObject({
    status: 'OPEN',
    description: 'It leaks',
    priority: 'HIGH',
    type: 'PREVENTIVE',
    dueDate: '2026-10-01T08:00:00.000Z',
    startDate: '2026-09-30T08:00:00.000Z',
    estimatedTime: 5400,
    assigneeIds: [first?.['id'], second?.['id']],
    teamIds: [team?.['id']],
    requesterId: second?.['id'],
    categories: ['Brand new'],
    externalData: { order: 'E-17' },
    extraFields: { 'Downtime minutes': '4' },
    parts: [{ id: part?.['id'], quantityUsed: 2, copyOnRecurring: 'NoCopy' }],
    partStatus: 'ASSIGNED',
    recurrenceInfo: { type: 'DAILY' },
    progress: { openCount: 1, inProgressCount: 0, onHoldCount: 0, doneCount: 0 },
  });
  const labels = rowsOf(await client.get('/categories?limit=200'), 'categories').map(({ label }) => label);
  expect(labels).toContain('Brand new');
  const [row] = rowsOf(await client.get('/workorders?categories=Brand%20new&show_upcoming=true'), 'workOrders');
  expect([row?.['id'], row?.['externalData']]).toEqual([id, undefined]);
});

test('FACTS 2.3: expand=assignees gives type and id, also when an e-mail address was written', async () => {
  await using client = await openSandbox();
  const [user] = client.sandbox.records('user');
  const id = await made(client, { assignees: [{ type: 'USER', id: textOf(user?.['email']) }] });
  expect((await read(client, id))['assignees']).toEqual([{ type: 'USER', id: user?.['id'] }]);
});

test.each<[JsonObject, string]>([
  [{ assignees: [{ type: 'USER', id: 'nobody@nowhere.example' }] }, 'assignees.0.id'],
  [{ assignees: [{ type: 'TEAM', id: 1 }] }, 'assignees.0.id'],
  [{ assignees: [{ id: 1 }] }, 'assignees.0.type'],
  [{ requesterId: 'nobody@nowhere.example' }, 'requesterId'],
  [{ vendorIds: [1] }, 'vendorIds.0'],
  [{ partsUsed: [{ partId: 1, quantityUsed: 1 }] }, 'partsUsed.0.partId'],
  [{ procedureTemplateId: 1 }, 'procedureTemplateId'],
  [{ workOrderTemplateId: 1 }, 'workOrderTemplateId'],
  [{ workRequestId: 1 }, 'workRequestId'],
  [{ parentId: 1 }, 'parentId'],
  [{ startDate: '2026-09-30T08:00:00Z' }, 'startDate'],
  [{ procedure: { title: 'a', fields: [{ type: 'METER', label: 'b', meterId: 1 }] } }, 'procedure.fields.0.meterId'],
])('a body that names what is not there is refused: %j', async (body, fieldPath) => {
  await using client = await openSandbox();
  const reply = await client.call('POST', '/workorders', { title: 'Pump', ...body });
  expect([reply.status, errorsOf(reply)[0]?.['fieldPath']]).toEqual([400, fieldPath]);
});

test('FACTS 2.4: a start date needs a due date, and goes with it', async () => {
  await using client = await openSandbox();
  const id = await made(client, {});
  const startDate = '2026-09-30T08:00:00.000Z';
  const refusal = await client.call('PATCH', `/workorders/${id}`, { startDate });
  expect(errorsOf(refusal)[0]?.['fieldPath']).toBe('startDate');
  const dueDate = '2026-10-01T08:00:00.000Z';
  await client.call('PATCH', `/workorders/${id}`, { dueDate });
  expect((await client.call('PATCH', `/workorders/${id}`, { startDate })).status).toBe(200);
  await client.call('PATCH', `/workorders/${id}`, { dueDate: null });
  expect(Object.keys(await read(client, id))).not.toContain('startDate');
});

test('FACTS 2.4: PATCH /workorders does not take a status, and its own path takes all but SKIPPED', async () => {
  await using client = await openSandbox();
  const id = await made(client, {});
  expect((await client.call('PATCH', `/workorders/${id}`, { status: 'DONE' })).status).toBe(400);
  const answers = [];
  for (const status of ['IN_PROGRESS', 'ON_HOLD', 'IN_PROGRESS', 'DONE', 'OPEN', 'CANCELED', 'SKIPPED'])
    answers.push((await client.call('PATCH', `/workorders/${id}/status`, { status })).status);
  expect(answers).toEqual([200, 200, 200, 200, 200, 200, 400]);
  const empty = await client.call('PATCH', `/workorders/${id}/status`, {});
  expect([empty.status, empty.json]).toEqual([400, { errors: [{ error: 'Invalid status', fieldPath: 'status' }] }]);
  expect(await read(client, id)).toMatchObject({
    status: 'CANCELED',
    progress: { openCount: 2, inProgressCount: 2, onHoldCount: 1, doneCount: 1 },
  });
});

test('a finished work order that repeats is followed by the next one, once', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const [part, other] = client.sandbox.records('part');
  const id = await made(client, {
    dueDate: '2026-09-14T16:00:00Z',
    startDate: '2026-09-14T06:00:00Z',
    repeatability: { type: 'WEEKLY', interval: 2, days: ['MONDAY'] },
    partsUsed: [
      { partId: idOf(part ?? {}), quantityUsed: 1 },
      { partId: idOf(other ?? {}), quantityUsed: 1, copyOnRecurring: 'NoCopy' },
    ],
    procedure: { title: 'Look', fields: [{ type: 'CHECKBOX', label: 'Seen' }] },
  });
  for (const status of ['DONE', 'OPEN', 'DONE']) await client.call('PATCH', `/workorders/${id}/status`, { status });
  const done = await read(client, id);
  const next = await read(client, Number(done['nextId']));
  expect(next).toMatchObject({
    previousId: id,
    status: 'OPEN',
    dueDate: '2026-09-28T16:00:00.000Z',
    startDate: '2026-09-28T06:00:00.000Z',
    recurrenceInfo: { type: 'WEEKLY', interval: 2, days: ['MONDAY'] },
    parts: [{ id: part?.['id'] }],
    procedure: { title: 'Look', fields: [{ label: 'Seen', value: {} }] },
  });
  const rows = rowsOf(
    await client.get('/workorders?title=Pump&show_upcoming=true&sort=-createdAt&limit=3'),
    'workOrders',
  );
  expect(rows.filter((row) => row['previousId'] === id)).toHaveLength(1);
});

test('a sub work order has most fields from its parent, which is a parent then, and goes with it', async () => {
  await using client = await openSandbox();
  const [asset] = client.sandbox.records('asset');
  const parentId = await made(client, { assetId: idOf(asset ?? {}), priority: 'HIGH', categories: ['Safety'] });
  const id = await made(client, { parentId, title: 'Part of it', priority: 'LOW' });
  expect(await read(client, id)).toMatchObject({
    parentId,
    assetId: asset?.['id'],
    priority: 'LOW',
    categories: ['Safety'],
  });
  expect((await read(client, parentId))['isParent']).toBe(true);
  const list = await client.get(`/workorders/${parentId}/subworkorders?expand=categories&expand=asset`);
  const [row, ...others] = rowsOf(list, 'subworkorders');
  expect(row).toMatchObject({ id, title: 'Part of it', categories: ['Safety'], asset: { id: asset?.['id'] } });
  expect([others, row?.['assignees']]).toEqual([[], undefined]);
  const both = await client.call('POST', '/workorders', { title: 'a', parentId, isParent: true });
  const nested = await client.call('POST', '/workorders', { title: 'a', parentId: id });
  expect([both, nested].map((reply) => errorsOf(reply)[0]?.['fieldPath'])).toEqual(['parentId', 'parentId']);
  await client.call('DELETE', `/workorders/${parentId}`);
  expect((await client.get(`/workorders/${id}`)).status).toBe(404);
  expect((await client.get(`/workorders/${parentId}/subworkorders`)).status).toBe(404);
});

test('FACTS 2.3: costs are added, their lines have no id, and updatedAt stays', async () => {
  await using client = await openSandbox();
  const [part] = client.sandbox.records('part');
  const id = await made(client, { partsUsed: [{ partId: idOf(part ?? {}), quantityUsed: 2 }] });
  const before = await read(client, id);
  const post = async (body: JsonObject): Promise<JsonObject> =>
    (await client.call('POST', `/workorders/${id}/costs`, body)).json;
  const time = { type: 'TIME', costType: 'WORK', hourlyRate: 6000 };
  expect(await post({ ...time, durationTotal: 1800 })).toMatchObject({ type: 'TIME', rowTotal: 3000, quantity: 0.5 });
  await post({ ...time, durationTotal: 3600 });
  const parts = 2 * Number(part?.['unitCost'] ?? 0);
  const expense = await post({ type: 'EXPENSE', costType: 'TRAVEL', costPerUnit: 1250, description: 'Taxi' });
  expect(expense).toMatchObject({ id: expect.any(Number), rowTotal: 1250, total: 9000 + 1250 + parts });
  const after = await read(client, id);
  expect(after['updatedAt']).toBe(before['updatedAt']);
  expect(objectsOf(after['times'])).toMatchObject([{ durationTotal: 5400, rowTotal: 9000, costPerUnit: 6000 }]);
  expect(listOf(after['timeItems'])).toHaveLength(2);
  const costs = objectOf((await client.get(`/workorders/${id}/costs`)).json['costs']);
  expect(costs['total']).toBe(expense['total']);
  expect(objectsOf(costs['rows']).map(({ type }) => type)).toEqual(['TIME', 'TIME', 'EXPENSE', 'PART']);
  expect(objectsOf(costs['rows']).filter((row) => 'id' in row)).toEqual([]);
  expect((await client.get('/workorders/1/costs')).json).toEqual({ error: 'Work Order Not Found' });
});

test('FACTS 1.3: logged time changes no status, a timer that starts does', async () => {
  await using client = await openSandbox();
  const id = await made(client, {});
  const time = { type: 'TIME', costType: 'WORK' };
  await client.call('POST', `/workorders/${id}/costs`, { ...time, durationTotal: 60 });
  expect((await read(client, id))['status']).toBe('OPEN');
  await client.call('POST', `/workorders/${id}/costs`, { ...time, durationTotal: null });
  expect((await read(client, id))['status']).toBe('IN_PROGRESS');
});

test('comments are paged, oldest first', async () => {
  await using client = await openSandbox();
  const id = await made(client, {});
  for (const content of ['one', 'two', 'three']) await client.call('POST', `/workorders/${id}/comments`, { content });
  const first = await client.get(`/workorders/${id}/comments?limit=2`);
  const second = await client.get(textOf(first.json['nextPageUrl']).replace('/v1', ''));
  const contents = [first, second].map((page) => rowsOf(page, 'comments').map(({ content }) => content));
  expect(contents).toEqual([['one', 'two'], ['three']]);
  expect((await client.get('/workorders/1/comments')).status).toBe(404);
});

test('a work order is sent by e-mail to addresses, and not by who may only request work', async () => {
  await using client = await openSandbox();
  const id = await made(client, {});
  const send = (email: string) => client.call('POST', `/workorders/${id}/emails`, { emails: [email] });
  const good = await send('a@b.example');
  expect([good.status, good.json]).toEqual([201, { id }]);
  expect(errorsOf(await send('nobody'))[0]?.['fieldPath']).toBe('emails.0');
});

test('the part status is set, and follows parts and status', async () => {
  await using client = await openSandbox();
  const [part] = client.sandbox.records('part');
  const id = await made(client, { partsUsed: [{ partId: idOf(part ?? {}), quantityUsed: 1 }] });
  const kitted = await client.call('PATCH', `/workorders/${id}/partStatus`, { partStatus: 'KITTED' });
  expect([kitted.status, recordOf(kitted, 'workOrder')['partStatus']]).toEqual([200, 'KITTED']);
  await client.call('PATCH', `/workorders/${id}`, { title: 'Else' });
  expect((await read(client, id))['partStatus']).toBe('KITTED');
  await client.call('PATCH', `/workorders/${id}/status`, { status: 'DONE' });
  expect((await read(client, id))['partStatus']).toBe('ISSUED');
  await client.call('PATCH', `/workorders/${id}`, { partsUsed: [] });
  expect((await read(client, id))['partStatus']).toBe('NO_PARTS');
});

test('a work order is found by its number too', async () => {
  await using client = await openSandbox();
  const id = await made(client, {});
  const { sequentialId } = await read(client, id);
  const reply = await client.get(`/workorders/${Number(sequentialId)}?useSequentialId=true`);
  expect(recordOf(reply, 'workOrder')['id']).toBe(id);
});

test('writes answer with estimated time and custom fields, which reads show only when asked', async () => {
  await using client = await openSandbox();
  const id = await made(client, { estimatedTime: 60, extraFields: { 'Downtime minutes': '4' } });
  const shown = { estimatedTime: 60, extraFields: { 'Downtime minutes': '4' } };
  const plain = recordOf(await client.get(`/workorders/${id}`), 'workOrder');
  expect([plain['estimatedTime'], plain['extraFields']]).toEqual([undefined, undefined]);
  const writes = [
    await client.call('PATCH', `/workorders/${id}`, { title: 'Else' }),
    await client.call('PATCH', `/workorders/${id}/status`, { status: 'ON_HOLD' }),
    await client.call('PATCH', `/workorders/${id}/partStatus`, { partStatus: 'NO_PARTS' }),
  ];
  for (const reply of writes) expect(recordOf(reply, 'workOrder')).toMatchObject(shown);
});

test('custom fields of the asset bring the asset along', async () => {
  await using client = await openSandbox();
  const [asset] = client.sandbox.records('asset');
  const id = await made(client, { assetId: idOf(asset ?? {}) });
  const path = `/workorders/${id}?expand=asset_extra_fields`;
  expect(objectOf(recordOf(await client.get(path), 'workOrder')['asset'])['assetExtraFields']).toBeDefined();
  const [row] = rowsOf(await client.get('/workorders?title=Pump&expand=asset_extra_fields&limit=1'), 'workOrders');
  expect(objectOf(row?.['asset'])['assetExtraFields']).toBeDefined();
});
