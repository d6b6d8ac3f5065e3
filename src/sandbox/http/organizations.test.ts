import { expect, test } from 'vitest';
import { wordOf } from '../plant/row.ts';
import { openSandbox, recordOf, rowsOf, send, type Client, type Reply } from '../testing.ts';

/** Asks with a key and headers of its own. */
function ask(
  client: Client,
  path: string,
  key: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  return send(`${client.sandbox.url}${path}`, 'GET', { authorization: `Bearer ${key}`, ...headers });
}

const idsOf = (rows: readonly { readonly [key: string]: unknown }[]): number[] => rows.map(({ id }) => Number(id));

test('each organisation has a plant and a key of its own, and no id in common with another', async () => {
  await using client = await openSandbox({ organizations: 3 });
  const lists = await Promise.all(
    client.sandbox.organizations.map(({ apiKey }) => ask(client, '/assets?limit=200', apiKey)),
  );
  const ids = lists.flatMap((reply) => idsOf(rowsOf(reply, 'assets')));
  expect(lists.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(ids.length).toBeGreaterThan(100);
  expect(new Set(ids).size).toBe(ids.length);
  const [first, second] = client.sandbox.organizations;
  const foreign = await ask(client, `/assets/${ids[0]}`, second?.apiKey ?? '');
  expect([foreign.status, (await ask(client, `/assets/${ids[0]}`, first?.apiKey ?? '')).status]).toEqual([404, 200]);
});

test('a plant is made when its organisation is first asked about', async () => {
  await using client = await openSandbox({ organizations: 100 });
  expect(client.sandbox.stats().organizations).toBe(1);
  await ask(client, '/teams', client.sandbox.organizations[57]?.apiKey ?? '');
  expect(client.sandbox.stats().organizations).toBe(2);
});

test('GET /organizations lists what the key opens: its own one, or all of them without a header', async () => {
  await using client = await openSandbox({ organizations: 3 });
  const { organizations, multiOrganizationKey } = client.sandbox;
  const seen = (reply: Reply): readonly unknown[] => rowsOf(reply, 'organizations').map(({ id, name }) => [id, name]);
  const all = organizations.map(({ id, name }) => [id, name]);
  expect(seen(await client.get('/organizations'))).toEqual(all.slice(0, 1));
  expect(seen(await ask(client, '/organizations', multiOrganizationKey))).toEqual(all);
});

test('FACTS 2.1: a key of several organisations has to name one, and no other than its own', async () => {
  await using client = await openSandbox({ organizations: 2 });
  const { organizations, multiOrganizationKey } = client.sandbox;
  const missing = await ask(client, '/workorders', multiOrganizationKey);
  expect([missing.status, missing.json]).toEqual([400, { errors: [{ error: 'Missing x-organization-id header.' }] }]);
  for (const { id } of organizations) {
    const user = await ask(client, '/users?limit=1', multiOrganizationKey, { 'x-organization-id': String(id) });
    expect(idsOf(rowsOf(user, 'users'))).toEqual(idsOf(client.sandbox.records('user', id).slice(0, 1)));
  }
  const unknown = await ask(client, '/workorders', multiOrganizationKey, { 'x-organization-id': '1' });
  expect([unknown.status, unknown.json]).toEqual([401, { error: 'Invalid token' }]);
});

test('FACTS 2.1: the header beside a key of one organisation is accepted or refused, as one likes', async () => {
  for (const [strictOrganizationHeader, own] of [
    [false, 200],
    [true, 401],
  ] as const) {
    await using client = await openSandbox({ organizations: 2, strictOrganizationHeader });
    const [first, second] = client.sandbox.organizations;
    const status = async (id: number | undefined): Promise<number> =>
      (await ask(client, '/teams', first?.apiKey ?? '', { 'x-organization-id': String(id) })).status;
    expect([await status(first?.id), await status(second?.id)]).toEqual([own, 401]);
  }
});

test('FACTS 2.1: x-organization-ids merges lists of assets, parts, locations, manufacturers and models', async () => {
  await using client = await openSandbox({ organizations: 3 });
  const { organizations, multiOrganizationKey } = client.sandbox;
  const [first, second] = organizations.map(({ id }) => id);
  const headers = { 'x-organization-ids': `${first},${second}` };
  for (const { apiKey } of organizations)
    await send(`${client.sandbox.url}/manufacturers`, 'POST', { authorization: `Bearer ${apiKey}` }, { name: 'Acme' });
  for (const key of ['assets', 'parts', 'locations', 'manufacturers', 'models']) {
    const seen: number[] = [];
    const owners = new Set<unknown>();
    for (let cursor: unknown = '0'; typeof cursor === 'string';) {
      const page = await ask(client, `/${key}?limit=7&cursor=${cursor}`, multiOrganizationKey, headers);
      expect(page.status).toBe(200);
      seen.push(...idsOf(rowsOf(page, key)));
      for (const { organizationId } of rowsOf(page, key)) owners.add(organizationId);
      cursor = page.json['nextCursor'];
    }
    const alone = organizations.slice(0, 2).map(({ apiKey }) => ask(client, `/${key}?limit=200`, apiKey));
    const all = (await Promise.all(alone)).flatMap((reply) => idsOf(rowsOf(reply, key)));
    expect([key, seen]).toEqual([key, all]);
    expect([key, [...owners]]).toEqual([key, all.length > 0 ? [first, second] : []]);
  }
});

test('a merged list is sorted across organisations', async () => {
  await using client = await openSandbox({ organizations: 2 });
  const { organizations, multiOrganizationKey } = client.sandbox;
  const headers = { 'x-organization-ids': organizations.map(({ id }) => id).join(', ') };
  const page = await ask(client, '/assets?sort=-createdAt&limit=50', multiOrganizationKey, headers);
  const times = rowsOf(page, 'assets').map(({ createdAt }) => wordOf(createdAt));
  expect(times).toEqual(times.toSorted().reverse());
  expect(new Set(rowsOf(page, 'assets').map(({ organizationId }) => organizationId)).size).toBe(2);
});

test('FACTS 2.1: never both headers, and several organisations only where a list takes them', async () => {
  await using client = await openSandbox({ organizations: 2 });
  const { organizations, multiOrganizationKey } = client.sandbox;
  const [id] = organizations.map((one) => String(one.id));
  const both = { 'x-organization-id': id ?? '', 'x-organization-ids': id ?? '' };
  expect((await ask(client, '/assets', multiOrganizationKey, both)).status).toBe(400);
  const elsewhere = await ask(client, '/workorders', multiOrganizationKey, { 'x-organization-ids': id ?? '' });
  expect(elsewhere.json).toEqual({ errors: [{ error: 'Missing x-organization-id header.' }] });
  const stranger = await ask(client, '/assets', multiOrganizationKey, { 'x-organization-ids': `${id},1` });
  expect(stranger.status).toBe(401);
});

test('what is written with the key of all happens in the organisation named', async () => {
  await using client = await openSandbox({ organizations: 2 });
  const { organizations, multiOrganizationKey, url } = client.sandbox;
  const [, second] = organizations;
  const headers = { authorization: `Bearer ${multiOrganizationKey}`, 'x-organization-id': String(second?.id) };
  const made = await send(`${url}/vendors`, 'POST', headers, { name: 'Only there' });
  const there = await ask(client, `/vendors/${Number(made.json['id'])}`, second?.apiKey ?? '');
  expect(recordOf(there, 'vendor')['name']).toBe('Only there');
  expect((await client.get(`/vendors/${Number(made.json['id'])}`)).status).toBe(404);
});

test('the control API tells of one organisation or of all', async () => {
  await using client = await openSandbox({ organizations: 2 });
  const { controlUrl, organizations, multiOrganizationKey } = client.sandbox;
  const told = await send(`${controlUrl}/organizations`, 'GET', {});
  expect(told.json).toEqual({ organizations, multiOrganizationKey });
  const [, second] = organizations;
  await ask(client, '/teams', second?.apiKey ?? '');
  const one = await send(`${controlUrl}/stats?organization=${second?.id}`, 'GET', {});
  const all = await send(`${controlUrl}/stats`, 'GET', {});
  expect([one.json['requests'], one.json['organizations'], all.json['organizations']]).toEqual([1, 1, 2]);
  expect((await send(`${controlUrl}/stats?organization=7`, 'GET', {})).status).toBe(404);
});
