import { expect } from 'vitest';
import { openSandbox, recordOf, rowsOf, type Client } from '../../src/sandbox/testing.ts';
import { fact } from './fact.ts';
import { fieldId, made } from './hooks.ts';

async function defined(client: Client, entity: string, label: string): Promise<void> {
  const reply = await client.call('POST', `/customfields/${entity}`, { fields: [{ label, type: 'oneline' }] });
  expect(reply.status, reply.text).toBe(200);
}

const idsOf = async (client: Client, path: string, key: string): Promise<readonly unknown[]> =>
  rowsOf(await client.get(path), key).map(({ id }) => id);

fact('2.3 custom-field-filter', async () => {
  await using client = await openSandbox();
  for (const entity of ['assets', 'locations', 'parts', 'vendors']) {
    await defined(client, entity, 'Industry');
    await defined(client, entity, 'Zone 7');
    const make = (industry: string, zone: string): Promise<number> =>
      made(client, `/${entity}`, { name: 'Made', extraFields: { Industry: industry, 'Zone 7': zone } });
    const [a, b, c] = [await make('Food', 'x'), await make('Steel', 'x'), await make('Steel', 'y')];
    expect(await idsOf(client, `/${entity}?Industry=Food`, entity)).toEqual([a]);
    expect(await idsOf(client, `/${entity}?Industry=Food&Industry=Steel`, entity)).toEqual([a, b, c]);
    expect(await idsOf(client, `/${entity}?Industry=Steel&Zone%207=y`, entity)).toEqual([c]);
  }
});

fact('2.3 no-custom-field-filter', async () => {
  await using client = await openSandbox();
  await defined(client, 'workOrders', 'Industry');
  await made(client, '/workorders', { title: 'A', extraFields: { Industry: 'Food' } });
  expect((await client.get('/workorders?Industry=Food')).status).toBe(400);
});

fact('2.3 reserved-labels', async () => {
  await using client = await openSandbox();
  await defined(client, 'assets', 'limit');
  const id = await made(client, '/assets', { name: 'Made', extraFields: { limit: 'ten' } });
  expect(await idsOf(client, '/assets?limit__c=ten', 'assets')).toEqual([id]);
});

fact('2.3 extra-fields', async () => {
  await using client = await openSandbox();
  await defined(client, 'assets', 'Cost Centre');
  const id = await made(client, '/assets', { name: 'Made', extraFields: { 'Cost Centre': '4711' } });
  const row = async (query: string): Promise<unknown> =>
    rowsOf(await client.get(`/assets?limit=200${query}`), 'assets').find((one) => one['id'] === id);
  expect(await row('')).not.toHaveProperty('extraFields');
  expect(await row('&expand=extra_fields')).toMatchObject({ extraFields: { 'Cost Centre': '4711' } });
});

fact('2.3 renamed-label', async () => {
  await using client = await openSandbox();
  await defined(client, 'assets', 'Invoice Status');
  const id = await made(client, '/assets', { name: 'Made', extraFields: { 'Invoice Status': 'open' } });
  const field = await fieldId(client, 'assets', 'Invoice Status');
  const renamed = await client.call('PATCH', `/customfields/assets/${field}`, { field: { label: 'Paid Status' } });
  expect([renamed.status, renamed.text]).toEqual([204, '']);
  expect(recordOf(await client.get(`/assets/${id}`), 'asset')['extraFields']).toEqual({ 'Paid Status': 'open' });
  expect((await client.get('/assets?Invoice%20Status=open')).status).toBe(400);
});
