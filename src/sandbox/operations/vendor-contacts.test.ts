import { expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { openSandbox, recordOf, rowsOf, type Client } from '../testing.ts';

async function newVendor(client: Client, more: JsonObject = {}): Promise<number> {
  return Number((await client.call('POST', '/vendors', { name: 'Acme', ...more })).json['id']);
}

test('a contact is made, listed, edited and deleted; the vendor shows its id and addresses', async () => {
  await using client = await openSandbox();
  const vendorId = await newVendor(client, { emails: ['info@acme.example'] });
  const contacts = `/vendors/${vendorId}/contacts`;
  const body = { name: 'Wile', email: 'wile@acme.example', phoneNumber: '+1 555' };
  const made = await client.call('POST', contacts, body);
  const id = Number(made.json['id']);
  const whole = { id, vendorId, ...body, role: null, extension: null };
  expect([made.status, made.json]).toEqual([201, whole]);
  expect(rowsOf(await client.get(contacts), 'contacts')).toEqual([whole]);
  expect(recordOf(await client.get(`${contacts}/${id}`), 'vendorContact')).toEqual(whole);
  const edited = await client.call('PATCH', `${contacts}/${id}`, { role: 'Sales', phoneNumber: null });
  expect(recordOf(edited, 'contact')).toEqual({ ...whole, role: 'Sales', phoneNumber: null });
  const vendor = async (): Promise<JsonObject> => recordOf(await client.get(`/vendors/${vendorId}`), 'vendor');
  expect(await vendor()).toMatchObject({
    contactIds: [id],
    emails: ['info@acme.example', body.email],
    phoneNumbers: [],
  });
  expect((await client.call('DELETE', `${contacts}/${id}`)).status).toBe(204);
  expect(await vendor()).toMatchObject({ contactIds: [], emails: ['info@acme.example'] });
  expect((await client.get(`${contacts}/${id}`)).json).toEqual({ error: 'Contact Not Found' });
});

test('a contact is found at its own vendor only, and goes with it', async () => {
  await using client = await openSandbox();
  const [one, other] = [await newVendor(client), await newVendor(client)];
  const { id } = (await client.call('POST', `/vendors/${one}/contacts`, { name: 'Wile' })).json;
  expect((await client.get(`/vendors/${other}/contacts/${Number(id)}`)).status).toBe(404);
  expect((await client.call('DELETE', `/vendors/${other}/contacts/${Number(id)}`)).status).toBe(404);
  await client.call('DELETE', `/vendors/${one}`);
  for (const path of [`/vendors/${one}/contacts`, `/vendors/${one}/contacts/${Number(id)}`])
    expect((await client.get(path)).status).toBe(404);
  const gone = await client.call('POST', `/vendors/${one}/contacts`, { name: 'Road Runner' });
  expect([gone.status, gone.json]).toEqual([404, { error: 'Vendor Not Found' }]);
});
