import { expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { fixedClock, openSandbox, recordOf, rowsOf, type Client } from '../testing.ts';

async function made(client: Client, path: string, body: JsonObject): Promise<number> {
  const reply = await client.call('POST', path, body);
  expect([reply.status, reply.text]).toEqual([path === '/locations' ? 200 : 201, expect.any(String)]);
  return Number(reply.json['id']);
}

const assetAt = async (client: Client, id: number): Promise<JsonObject> =>
  recordOf(await client.get(`/assets/${id}`), 'asset');

async function refusal(client: Client, method: string, path: string, body: JsonObject): Promise<unknown> {
  const reply = await client.call(method, path, body);
  expect([reply.status, reply.text]).toEqual([400, expect.any(String)]);
  return rowsOf(reply, 'errors').map(({ fieldPath }) => fieldPath);
}

test('a manufacturer or model that an asset names is looked up, or made', async () => {
  await using client = await openSandbox();
  const id = await made(client, '/assets', { name: 'Press', manufacturer: { name: 'Acme' }, model: { name: 'P1' } });
  expect(await assetAt(client, id)).toMatchObject({ manufacturer: 'Acme', model: 'P1' });
  const makers = rowsOf(await client.get('/manufacturers?limit=200'), 'manufacturers');
  const acme = makers.find(({ name }) => name === 'Acme');
  expect(acme).toMatchObject({ organizationId: client.sandbox.organizationId });
  const model = rowsOf(await client.get('/models?limit=200'), 'models').find(({ name }) => name === 'P1');
  expect(model).toMatchObject({ manufacturerId: acme?.['id'] });
  const again = { manufacturer: { id: Number(acme?.['id']) }, model: { id: Number(model?.['id']) } };
  const second = await made(client, '/assets', { name: 'Other', ...again });
  expect(await assetAt(client, second)).toMatchObject({ manufacturer: 'Acme', model: 'P1' });
  expect(rowsOf(await client.get('/manufacturers?limit=200'), 'manufacturers')).toHaveLength(makers.length);
  expect(rowsOf(await client.get('/assets?manufacturer=Acme'), 'assets')).toHaveLength(2);
  expect(recordOf(await client.get(`/models/${Number(model?.['id'])}`), 'model')).toMatchObject({ name: 'P1' });
});

test('a model belongs to its manufacturer, and goes when that goes', async () => {
  await using client = await openSandbox();
  const manufacturerId = await made(client, '/manufacturers', { name: 'Acme' });
  const model = await made(client, '/models', { name: 'P1', manufacturerId });
  const id = await made(client, '/assets', {
    name: 'Press',
    manufacturer: { id: manufacturerId },
    model: { id: model },
  });
  const path = `/assets/${id}`;
  expect(await refusal(client, 'PATCH', path, { manufacturer: { name: 'Other' }, model: { id: model } })).toEqual([
    'model.id',
  ]);
  expect(await refusal(client, 'PATCH', path, { manufacturer: { id: 1 } })).toEqual(['manufacturer.id']);
  expect(await refusal(client, 'PATCH', path, { manufacturer: {} })).toEqual(['manufacturer']);
  expect(await refusal(client, 'POST', '/assets', { name: 'x', model: { name: 'P9' } })).toEqual(['model']);
  expect(await assetAt(client, id)).toMatchObject({ manufacturer: 'Acme', model: 'P1' });
  await client.call('PATCH', path, { manufacturer: { name: 'Other' } });
  expect(await assetAt(client, id)).toMatchObject({ manufacturer: 'Other' });
  expect(await assetAt(client, id)).not.toHaveProperty('model');
  await client.call('PATCH', path, { manufacturer: null });
  expect(await assetAt(client, id)).not.toHaveProperty('manufacturer');
  expect((await client.call('POST', '/models', { name: 'P1', manufacturerId: 1 })).json).toEqual({
    error: 'manufacturer Not Found',
  });
});

test('a criticality must exist; the list of them is filtered by label and level', async () => {
  await using client = await openSandbox();
  const all = rowsOf(await client.get('/assetcriticalities'), 'assetCriticalities');
  expect(all.map(({ label }) => label)).toEqual(['High', 'Medium', 'Low']);
  expect(rowsOf(await client.get('/assetcriticalities?level=2'), 'assetCriticalities')).toEqual([all[1]]);
  expect(rowsOf(await client.get('/assetcriticalities?label=Low&level=3'), 'assetCriticalities')).toEqual([]);
  const criticalityId = Number(all[0]?.['id']);
  expect(recordOf(await client.get(`/assetcriticalities/${criticalityId}`), 'assetCriticality')).toEqual(all[0]);
  const id = await made(client, '/assets', { name: 'Press', criticalityId, barcode: 'B-1' });
  expect(await assetAt(client, id)).toMatchObject({ criticalityId, barcode: 'B-1' });
  expect(await refusal(client, 'PATCH', `/assets/${id}`, { criticalityId: 1 })).toEqual(['criticalityId']);
  const lists = { teamIds: [1], vendorIds: [2] };
  expect(await refusal(client, 'POST', '/assets', { name: 'x', ...lists })).toEqual(['teamIds.0', 'vendorIds.0']);
});

test.each(['asset', 'location'])(
  '%s: nothing is inside itself; children stand alone when their parent is deleted',
  async (kind) => {
    await using client = await openSandbox();
    const path = `/${kind}s`;
    const top = await made(client, path, { name: 'Top' });
    const middle = await made(client, path, { name: 'Middle', parentId: top });
    const bottom = await made(client, path, { name: 'Bottom', parentId: middle });
    expect(await refusal(client, 'PATCH', `${path}/${top}`, { parentId: bottom })).toEqual(['parentId']);
    expect(await refusal(client, 'PATCH', `${path}/${top}`, { parentId: top })).toEqual(['parentId']);
    expect(recordOf(await client.get(`${path}/${top}`), kind)['childrenIds']).toEqual([middle]);
    expect((await client.call('DELETE', `${path}/${middle}`)).status).toBe(204);
    expect(recordOf(await client.get(`${path}/${top}`), kind)['childrenIds']).toEqual([]);
    expect(recordOf(await client.get(`${path}/${bottom}`), kind)).not.toHaveProperty('parentId');
  },
);

test('depreciation is worked out, straight-line by whole years', async () => {
  await using client = await openSandbox({ clock: fixedClock() });
  const depreciation = {
    purchasePrice: 12_500,
    salvageValue: 2500,
    usefulLifeYears: 10,
    purchaseDate: '2021-08-01T00:00:00.000Z',
    depreciationStartDate: '2021-09-01T00:00:00.000Z',
  };
  const id = await made(client, '/assets', { name: 'Press', depreciation });
  expect((await assetAt(client, id))['depreciation']).toMatchObject({
    ...depreciation,
    id: expect.any(Number),
    annualDepreciation: 1000,
    yearsDepreciated: 5,
    accumulatedDepreciation: 5000,
    currentBookValue: 7500,
  });
  await client.call('PATCH', `/assets/${id}`, { depreciation: { salvageValue: 500 } });
  expect((await assetAt(client, id))['depreciation']).toMatchObject({ purchasePrice: 12_500, currentBookValue: 6500 });
  await client.call('PATCH', `/assets/${id}`, { depreciation: null });
  expect(await assetAt(client, id)).not.toHaveProperty('depreciation');
});
