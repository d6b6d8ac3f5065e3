import { expect, test } from 'vitest';
import { idOf, objectsOf } from '../plant/row.ts';
import { openSandbox, recordOf, rowsOf } from '../testing.ts';

test('a work order made from a request approves it, and finishing it finishes the request', async () => {
  await using client = await openSandbox();
  const created = await client.call('POST', '/workrequests', { title: 'Leak', creatorContactInfo: '+47 123 45 678' });
  expect(created.status).toBe(200);
  const path = `/workrequests/${idOf(created.json)}`;
  const read = async () => recordOf(await client.get(`${path}?expand=work_order`), 'workRequest');
  expect(await read()).toMatchObject({
    requestStatus: 'PENDING',
    priority: 'NONE',
    creatorContactInfo: { type: 'PHONE', value: '+47 123 45 678' },
  });
  const workRequestId = idOf(created.json);
  const workOrder = await client.call('POST', '/workorders', { title: 'Fix the leak', workRequestId });
  const workOrderId = idOf(workOrder.json);
  expect(await read()).toMatchObject({ requestStatus: 'APPROVED', workOrderId, workOrder: { title: 'Fix the leak' } });
  const again = await client.call('POST', '/workorders', { title: 'Once more', workRequestId });
  expect([again.status, objectsOf(again.json['errors'])[0]?.['fieldPath']]).toEqual([400, 'workRequestId']);
  await client.call('PATCH', `/workorders/${workOrderId}/status`, { status: 'DONE' });
  expect((await read())['requestStatus']).toBe('DONE');
  expect(recordOf(await client.get(`/workorders/${workOrderId}`), 'workOrder')['requesterId']).toBeDefined();
});

test('a work request portal is made, read, listed, edited and deleted', async () => {
  await using client = await openSandbox();
  const [location] = client.sandbox.records('location').map(idOf);
  const body = { title: 'Kitchen', welcomeText: 'Hello', emailOnly: true, locationId: location ?? 0 };
  const created = await client.call('POST', '/workrequestportals', body);
  expect(created.status).toBe(201);
  const path = `/workrequestportals/${idOf(created.json)}`;
  const portal = recordOf(await client.get(path), 'workRequestPortal');
  expect(portal).toMatchObject({ ...body, sendEmailNotification: false, portalUrl: expect.stringMatching(/^https:/) });
  const row = rowsOf(await client.get('/workrequestportals?limit=200'), 'workRequestPortals').at(-1);
  // The list requires what the single GET leaves out when it is null.
  expect(row).toMatchObject({ ...portal, assetId: null, contactInformation: null });
  const edited = await client.call('PATCH', path, { title: 'Canteen', welcomeText: null });
  delete portal['welcomeText'];
  expect(recordOf(edited, 'workRequestPortal')).toEqual({ ...portal, title: 'Canteen' });
  const bad = await client.call('PATCH', path, { assetId: 1 });
  expect([bad.status, objectsOf(bad.json['errors'])[0]?.['fieldPath']]).toEqual([400, 'assetId']);
  expect((await client.call('DELETE', path)).status).toBe(204);
  expect((await client.call('DELETE', path)).json).toEqual({ error: 'workRequestPortal Not Found' });
  expect((await client.get(path)).json).toEqual({ error: 'Not Found.' });
});
