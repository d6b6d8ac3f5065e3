import { expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { objectOf } from '../../base/json.ts';
import { wordOf } from '../plant/row.ts';
import { fixedClock, openReceiver, openSandbox, recordOf, rowsOf, type Client } from '../testing.ts';

const HOUR = 3_600_000;

async function newAsset(client: Client): Promise<number> {
  return Number((await client.call('POST', '/assets', { name: 'Press' })).json['id']);
}

const history = async (client: Client, id: number, more = ''): Promise<readonly JsonObject[]> =>
  rowsOf(await client.get(`/assetstatuses?assetId=${id}${more}`), 'assetStatuses');

const statusOf = async (client: Client, id: number): Promise<JsonObject> =>
  objectOf(recordOf(await client.get(`/assets/${id}`), 'asset')['status']);

test('FACTS 1.3: the statuses of an asset are its history: a new one ends the former', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const id = await newAsset(client);
  clock.move(HOUR);
  const body = { status: 'OFFLINE', downtimeType: 'UNPLANNED', description: 'bearing' };
  expect((await client.call('POST', `/assets/${id}/status`, body)).status).toBe(201);
  clock.move(HOUR);
  await client.call('POST', `/assets/${id}/status`, { status: 'ONLINE' });
  const rows = await history(client, id, '&sort=startedAt');
  const times = ['2026-09-14T12:00:00.000Z', '2026-09-14T13:00:00.000Z', '2026-09-14T14:00:00.000Z'];
  expect(rows.map(({ status, startedAt, endedAt }) => [status, startedAt, endedAt])).toEqual([
    ['ONLINE', times[0], times[1]],
    ['OFFLINE', times[1], times[2]],
    ['ONLINE', times[2], undefined],
  ]);
  expect(rows[1]).toMatchObject({ ...body, assetId: id, organizationId: client.sandbox.organizationId });
  expect(await statusOf(client, id)).toMatchObject({ id: rows[2]?.['id'], status: 'ONLINE' });
});

test('statuses come newest first, and in each order that is asked for', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const id = await newAsset(client);
  for (const status of ['OFFLINE', 'IGNORE']) {
    clock.move(HOUR);
    await client.call('POST', `/assets/${id}/status`, { status });
  }
  const words = async (more: string): Promise<string> =>
    (await history(client, id, more)).map(({ status }) => wordOf(status)).join(' ');
  expect(await words('')).toBe('IGNORE OFFLINE ONLINE');
  for (const field of ['createdAt', 'updatedAt', 'startedAt', 'endedAt']) {
    expect([field, await words(`&sort=${field}`)]).toEqual([field, 'ONLINE OFFLINE IGNORE']);
    expect([field, await words(`&sort=-${field}`)]).toEqual([field, 'IGNORE OFFLINE ONLINE']);
  }
  expect((await client.get('/assetstatuses?sort=id')).status).toBe(400);
  const all = rowsOf(await client.get('/assetstatuses?limit=200&sort=-endedAt'), 'assetStatuses');
  expect(all.length).toBeGreaterThan(40);
});

test('downtime that is over when it is told is history only', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const id = await newAsset(client);
  clock.move(5 * HOUR);
  const before = await statusOf(client, id);
  const [startedAt, endedAt] = ['2026-09-14T13:00:00.000Z', '2026-09-14T14:30:00.000Z'];
  await client.call('POST', `/assets/${id}/status`, { status: 'OFFLINE', startedAt, endedAt });
  expect(await statusOf(client, id)).toEqual(before);
  expect(await history(client, id)).toHaveLength(2);
  const turned = await client.call('POST', `/assets/${id}/status`, {
    status: 'OFFLINE',
    startedAt: endedAt,
    endedAt: startedAt,
  });
  expect([turned.status, turned.text]).toEqual([400, expect.stringContaining('endedAt')]);
});

test('a corrected start moves the end of what was before, and a correction of the present one is news', async () => {
  const clock = fixedClock();
  await using receiver = await openReceiver();
  await using client = await openSandbox({ clock });
  await client.call('POST', '/subscriptions', { type: 'ASSET_STATUS_CHANGE', url: receiver.url });
  const id = await newAsset(client);
  clock.move(2 * HOUR);
  const made = await client.call('POST', `/assets/${id}/status`, { status: 'OFFLINE' });
  const { id: statusId } = recordOf(made, 'assetStatus');
  const startedAt = '2026-09-14T13:15:00.000Z';
  const edited = await client.call('PATCH', `/assetstatuses/${Number(statusId)}`, {
    startedAt,
    downtimeType: 'PLANNED',
  });
  expect(recordOf(edited, 'assetStatus')).toMatchObject({ startedAt, downtimeType: 'PLANNED', status: 'OFFLINE' });
  const [, online] = await history(client, id);
  expect(online).toMatchObject({ status: 'ONLINE', endedAt: startedAt, updaterId: expect.any(Number) });
  expect(await statusOf(client, id)).toMatchObject({ downtimeType: 'PLANNED', startedAt });
  await receiver.next(2);
  expect(receiver.got.map(({ body }) => [objectOf(body['oldStatus'])['status'], objectOf(body['newStatus'])])).toEqual([
    ['ONLINE', expect.objectContaining({ status: 'OFFLINE' })],
    ['OFFLINE', expect.objectContaining({ status: 'OFFLINE', downtimeType: 'PLANNED' })],
  ]);
  const gone = await client.call('PATCH', '/assetstatuses/1', { description: 'x' });
  expect([gone.status, gone.json]).toEqual([404, { error: 'assetstatus Not Found' }]);
});

test('a custom status stands for its base status', async () => {
  await using client = await openSandbox();
  const id = await newAsset(client);
  const made = await client.call('POST', '/assetcustomstatuses', { label: 'Cleaning', baseAssetStatus: 'OFFLINE' });
  expect(made.status).toBe(201);
  const customStatusId = Number(made.json['id']);
  await client.call('POST', `/assets/${id}/status`, { customStatusId });
  expect(await statusOf(client, id)).toMatchObject({
    status: 'OFFLINE',
    customStatus: { id: customStatusId, label: 'Cleaning' },
  });
  const wrong = await client.call('POST', `/assets/${id}/status`, { customStatusId, status: 'ONLINE' });
  expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('status')]);
  expect((await client.call('POST', `/assets/${id}/status`, { customStatusId: 1 })).status).toBe(400);
  expect((await client.call('POST', `/assets/${id}/status`, {})).status).toBe(400);
  await client.call('PATCH', `/assetcustomstatuses/${customStatusId}`, { label: 'Washing' });
  const listed = rowsOf(await client.get('/assetcustomstatuses'), 'assetCustomStatuses');
  expect(listed.at(-1)).toMatchObject({ id: customStatusId, label: 'Washing', baseAssetStatus: 'OFFLINE' });
  expect((await client.call('DELETE', `/assetcustomstatuses/${customStatusId}`)).status).toBe(204);
  expect((await client.get(`/assetcustomstatuses/${customStatusId}`)).status).toBe(404);
  expect(await statusOf(client, id)).toMatchObject({
    customStatus: { label: 'Washing', deletedAt: expect.any(String) },
  });
  expect((await client.call('POST', `/assets/${id}/status`, { customStatusId })).status).toBe(400);
});

test('the statuses of a deleted asset go with it', async () => {
  await using client = await openSandbox();
  const id = await newAsset(client);
  const [status] = await history(client, id);
  await client.call('DELETE', `/assets/${id}`);
  expect(await history(client, id)).toEqual([]);
  expect((await client.call('PATCH', `/assetstatuses/${Number(status?.['id'])}`, { status: 'OFFLINE' })).status).toBe(
    404,
  );
});

test('every asset of the plant has one status that lasts, the one that it shows, and no gap before it', async () => {
  await using client = await openSandbox();
  for (const asset of client.sandbox.records('asset')) {
    const rows = await history(client, Number(asset['id']), '&sort=startedAt');
    expect(rows.at(-1)?.['id']).toBe(objectOf(asset['status'])['id']);
    expect(rows.map(({ endedAt }) => endedAt)).toEqual([...rows.slice(1).map(({ startedAt }) => startedAt), undefined]);
  }
});
