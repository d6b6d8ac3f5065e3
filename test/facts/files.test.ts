import { expect } from 'vitest';
import { objectOf } from '../../src/base/json.ts';
import { objectsOf, wordOf } from '../../src/sandbox/plant/row.ts';
import { fixedClock, openSandbox, recordOf, rowsOf } from '../../src/sandbox/testing.ts';
import { fact } from './fact.ts';
import { aRecord, made } from './hooks.ts';

fact('2.4 attachment-put', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/assets', { name: 'A' });
  const put = await client.put(`/assets/${id}/attachments/manual.pdf`, Buffer.from('%PDF-1.7 …'));
  expect([put.status, put.json]).toEqual([
    201,
    { publicUrl: expect.any(String), filename: 'manual.pdf', fileKey: expect.any(String) },
  ]);
});

fact('2.4 attachment-singular', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/assets', { name: 'A' });
  const singular = await client.put(`/assets/${id}/attachment/manual.pdf`, Buffer.from('x'));
  expect([singular.status, singular.text]).toEqual([404, `Cannot PUT /v1/assets/${id}/attachment/manual.pdf`]);
  const multipart = await client.put(
    `/assets/${id}/attachments/manual.pdf`,
    Buffer.from('--x\r\n\r\n--x--'),
    'multipart/form-data; boundary=x',
  );
  expect(multipart.status).toBe(400);
  expect(typeof JSON.parse(multipart.text)).toBe('string');
});

fact('2.4 attachment-size', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/assets', { name: 'A' });
  const put = await client.put(`/assets/${id}/attachments/big.bin`, Buffer.alloc(1_100_000));
  expect([put.status, put.json]).toEqual([413, { error: 'Attachment size must not exceed 1mB' }]);
});

fact('2.4 downloads', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const id = await made(client, '/assets', { name: 'A' });
  await client.put(`/assets/${id}/attachments/note.txt`, Buffer.from('hello'));
  const link = async (): Promise<string> => {
    const [file] = rowsOf(
      { ...(await client.get('/teams')), json: recordOf(await client.get(`/assets/${id}`), 'asset') },
      'attachments',
    );
    return wordOf(file?.['url']);
  };
  const [first, second] = [await link(), await link()];
  expect(first).not.toBe(second);
  expect(first).toMatch(/X-Amz-Expires=3600/);
  expect(await (await fetch(first)).text()).toBe('hello');
  clock.move(3_601_000);
  expect((await fetch(first)).status).toBe(403);
});

fact('2.4 procedure-attachments', async () => {
  await using client = await openSandbox();
  const procedure = { title: 'Check', fields: [{ type: 'FILE', label: 'Photo' }] };
  const id = await made(client, '/workorders', { title: 'A', procedure });
  const put = await client.put(`/workorders/${id}/procedure/fields/0/attachment/photo.jpg`, Buffer.from('bytes'));
  expect(put.status, put.text).toBe(201);
  const order = recordOf(await client.get(`/workorders/${id}`), 'workOrder');
  const fields = objectOf(order['procedure'])['fields'];
  const value = objectOf(objectsOf(fields)[0]?.['value']);
  const attachments = objectsOf(value['attachments']);
  expect(attachments).toHaveLength(1);
  expect(objectOf(value['attachment'])['id']).toBe(attachments[0]?.['id']);
});

fact('2.4 parts-switch', async () => {
  await using client = await openSandbox();
  const several = aRecord(client, 'part', ({ locations }) => Array.isArray(locations) && locations.length > 1);
  const single = aRecord(client, 'part', ({ locations }) => Array.isArray(locations) && locations.length === 1);
  expect((await client.call('PATCH', `/parts/${several.id}`, { availableQuantity: 3 })).status).toBe(400);
  expect(client.sandbox.stats()).toMatchObject({ multiLocationParts: { on: true } });
  expect((await client.call('PATCH', `/parts/${single.id}`, { availableQuantity: 3 })).status).toBe(200);
  expect(client.sandbox.stats()).toMatchObject({ multiLocationParts: { on: false } });
});

fact('2.4 fulfillment-switch', async () => {
  await using client = await openSandbox();
  const vendor = aRecord(client, 'vendor');
  const part = aRecord(client, 'part', ({ locations }) => Array.isArray(locations) && locations.length === 1);
  const items = [{ partId: part.id, quantityOrdered: 2, unitCost: 100 }];
  const id = await made(client, '/purchaseorders', { vendorId: vendor.id, items });
  for (const status of ['PENDING', 'APPROVED']) await client.call('PATCH', `/purchaseorders/${id}/status`, { status });
  const order = recordOf(await client.get(`/purchaseorders/${id}`), 'purchaseOrder');
  const [line] = objectsOf(order['items']);
  const received = await client.call('PATCH', `/purchaseorders/${id}/fulfillment`, {
    items: [{ id: Number(line?.['id']), quantityReceived: 1 }],
  });
  expect(received.status, received.text).toBe(200);
  expect(client.sandbox.stats()).toMatchObject({ multiLocationParts: { on: false } });
});
