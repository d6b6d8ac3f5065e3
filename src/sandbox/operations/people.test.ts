import { expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { openReceiver, openSandbox, recordOf, rowsOf, send, type Client, type Reply } from '../testing.ts';

async function made(client: Client, path: string, body: JsonObject): Promise<number> {
  const reply = await client.call('POST', path, body);
  expect([reply.status, reply.text]).toEqual([201, expect.any(String)]);
  return Number(reply.json['id']);
}

const newUser = (client: Client, more: JsonObject = {}): Promise<number> =>
  made(client, '/users', { firstName: 'Ada', lastName: 'Byron', ...more });

/** A request with the key of another user. */
const as = (client: Client, user: number, method: string, path: string, body?: JsonObject): Promise<Reply> =>
  send(`${client.sandbox.url}${path}`, method, { authorization: `Bearer ${client.sandbox.apiKey}-${user}` }, body);

async function told(client: Client, types: readonly string[]): ReturnType<typeof openReceiver> {
  const receiver = await openReceiver();
  for (const type of types) await client.call('POST', '/subscriptions', { type, url: `${receiver.url}/${type}` });
  return receiver;
}

test('a team has members with roles, and counts those who are still there', async () => {
  await using client = await openSandbox();
  const [ada, bob] = [await newUser(client), await newUser(client, { firstName: 'Bob' })];
  const team = await made(client, '/teams', { name: 'Riggers', memberIds: [ada] });
  const members = `/teams/${team}/members`;
  const added = await client.call('POST', members, { id: bob, teamRole: 'ADMIN' });
  expect([added.status, added.json]).toEqual([201, { id: bob }]);
  expect(rowsOf(await client.get(members), 'members')).toEqual([
    { id: ada, firstName: 'Ada', lastName: 'Byron', teamRole: 'MEMBER' },
    { id: bob, firstName: 'Bob', lastName: 'Byron', teamRole: 'ADMIN' },
  ]);
  const edited = await client.call('PATCH', `${members}/${ada}`, { teamRole: 'ADMIN' });
  expect(recordOf(edited, 'member')).toMatchObject({ id: ada, teamRole: 'ADMIN' });
  const count = async (): Promise<unknown> => recordOf(await client.get(`/teams/${team}`), 'team')['membersCount'];
  expect(await count()).toBe(2);
  await client.call('DELETE', `/users/${bob}`);
  expect(await count()).toBe(1);
  expect((await client.call('DELETE', `${members}/${ada}`)).status).toBe(204);
  expect([await count(), rowsOf(await client.get(members), 'members')]).toEqual([0, []]);
  for (const [method, body] of [
    ['PATCH', { teamRole: 'ADMIN' }],
    ['DELETE', undefined],
  ] as const) {
    const gone = await client.call(method, `${members}/${ada}`, body);
    expect([gone.status, gone.json]).toEqual([404, { error: 'team member Not Found' }]);
  }
  expect((await client.call('POST', members, { id: 1 })).status).toBe(400);
  expect((await client.call('POST', '/teams', { name: 'x', memberIds: [1], assetIds: [2] })).status).toBe(400);
});

test('a location shows the teams that work there', async () => {
  await using client = await openSandbox();
  const { id } = (await client.call('POST', '/locations', { name: 'Yard' })).json;
  const team = await made(client, '/teams', { name: 'Riggers', locationIds: [Number(id)] });
  const teams = async (): Promise<unknown> =>
    recordOf(await client.get(`/locations/${Number(id)}`), 'location')['teamIds'];
  expect(await teams()).toEqual([team]);
  await client.call('PATCH', `/teams/${team}`, { locationIds: [] });
  expect(await teams()).toEqual([]);
});

test('users are invited, change roles, are removed and come back under their id: each is told', async () => {
  await using client = await openSandbox();
  const types = ['USER_INVITED', 'USER_ROLE_CHANGED', 'USER_PERMISSIONS_CHANGED', 'USER_REMOVED', 'USER_ACTIVATED'];
  await using receiver = await told(client, types);
  const id = await newUser(client, { email: 'ada@example.com', role: 'OPERATOR', inviteType: 'EMAIL' });
  expect(recordOf(await client.get(`/users/${id}`), 'user')).toMatchObject({ removedFromOrganization: false });
  await client.call('PATCH', `/users/${id}`, { role: 'ADMIN' });
  await client.call('PATCH', `/users/${id}`, { customRole: 'Planner' });
  expect(recordOf(await client.get(`/users/${id}`), 'user')).toMatchObject({ role: 'ADMIN', customRole: 'Planner' });
  await client.call('DELETE', `/users/${id}`);
  expect((await client.get(`/users/${id}`)).status).toBe(404);
  expect(await newUser(client, { email: 'ADA@example.com', firstName: 'Augusta' })).toBe(id);
  expect(recordOf(await client.get(`/users/${id}`), 'user')).toMatchObject({ firstName: 'Augusta' });
  await receiver.next(types.length);
  const bodies = new Map(receiver.got.map(({ path, body }) => [path.slice(1), body]));
  expect(bodies.size).toBe(types.length);
  for (const type of types) expect([type, bodies.get(type)]).toMatchObject([type, { targetUserId: id }]);
  expect(bodies.get('USER_INVITED')).toMatchObject({ role: 'OPERATOR', creationMethod: expect.any(String) });
  expect(bodies.get('USER_ROLE_CHANGED')).toMatchObject({ oldRole: 'OPERATOR', newRole: 'ADMIN' });
});

test('an address belongs to one user, and nobody removes himself', async () => {
  await using client = await openSandbox();
  await newUser(client, { email: 'ada@example.com' });
  const bob = await newUser(client);
  const taken = await client.call('POST', '/users', { firstName: 'A', lastName: 'B', email: 'Ada@example.com' });
  expect([taken.status, taken.text]).toEqual([400, expect.stringContaining('email')]);
  expect((await client.call('PATCH', `/users/${bob}`, { email: 'ada@example.com' })).status).toBe(400);
  expect((await client.call('PATCH', `/users/${bob}`, { email: 'nonsense' })).status).toBe(400);
  const [service] = rowsOf(await client.get('/users?email=integration@harbourfoods.example'), 'users');
  expect((await client.call('DELETE', `/users/${Number(service?.['id'])}`)).status).toBe(400);
});

test('members edit themselves, but not others, not their role and not how they sign in', async () => {
  await using client = await openSandbox();
  const ada = await newUser(client, { role: 'MEMBER', authType: 'SAML' });
  const bob = await newUser(client, { role: 'MEMBER' });
  const patch = async (id: number, body: JsonObject): Promise<number> =>
    (await as(client, ada, 'PATCH', `/users/${id}`, body)).status;
  expect(await patch(ada, { phoneNumber: '+31 6 1' })).toBe(200);
  expect(await patch(bob, { phoneNumber: '+31 6 1' })).toBe(403);
  expect(await patch(ada, { role: 'ADMIN' })).toBe(403);
  const auth = await as(client, ada, 'PATCH', `/users/${ada}`, { authType: 'NORMAL' });
  expect(rowsOf(auth, 'errors')).toEqual([
    { error: 'You do not have permission to edit the Auth Type from SAML to NORMAL.' },
  ]);
  expect((await as(client, ada, 'POST', '/users', { firstName: 'C', lastName: 'D' })).status).toBe(403);
  expect((await as(client, ada, 'DELETE', `/users/${bob}`)).status).toBe(400);
});

test('every team has a conversation with its members; groups may have no name', async () => {
  await using client = await openSandbox();
  const ada = await newUser(client);
  const team = await made(client, '/teams', { name: 'Riggers', memberIds: [ada] });
  const list = async (query: string): Promise<readonly JsonObject[]> =>
    rowsOf(await client.get(`/conversations${query}`), 'conversations');
  const all = await list('');
  const its = all.find(({ name }) => name === 'Riggers');
  expect(its).toMatchObject({ type: 'TEAM' });
  const path = `/conversations/${Number(its?.['id'])}`;
  expect(rowsOf(await client.get(`${path}/members`), 'members')).toEqual([
    { id: ada, firstName: 'Ada', lastName: 'Byron' },
  ]);
  expect(new Set((await list('?type=GROUP')).map(({ type }) => type))).toEqual(new Set(['GROUP']));
  expect(await list('?type=GROUP&type=TEAM')).toHaveLength(all.length);
  expect(await list('?onlyNamed=true')).toEqual(all.filter(({ name }) => name !== undefined));
  expect(all.some(({ name }) => name === undefined)).toBe(true);
  await client.call('PATCH', `/teams/${team}`, { name: 'Climbers' });
  expect((await list('?type=TEAM')).at(-1)).toMatchObject({ name: 'Climbers' });
  await client.call('DELETE', `/teams/${team}`);
  expect((await client.get(`${path}/members`)).status).toBe(404);
});

test('a message to a user begins a conversation that nobody else sees', async () => {
  await using client = await openSandbox();
  const [ada, bob] = [await newUser(client), await newUser(client)];
  const path = `/users/${ada}/messages`;
  const first = await client.call('POST', path, { content: 'Hello' });
  expect([first.status, (await client.call('POST', path, { content: 'Still there?' })).json]).toEqual([
    201,
    first.json,
  ]);
  const id = Number(first.json['conversationId']);
  const seenBy = async (user: number): Promise<boolean> =>
    rowsOf(await as(client, user, 'GET', '/conversations?type=DM'), 'conversations').some((one) => one['id'] === id);
  expect([await seenBy(ada), await seenBy(bob)]).toEqual([true, false]);
  const answer = await as(client, ada, 'POST', `/conversations/${id}/messages`, { content: 'Yes' });
  expect([answer.status, answer.json]).toEqual([201, { id: expect.any(Number) }]);
  const foreign = await as(client, bob, 'POST', `/conversations/${id}/messages`, { content: 'Me too' });
  expect([foreign.status, foreign.json]).toEqual([404, { error: 'conversation Not Found' }]);
  expect((await as(client, ada, 'POST', path, { content: 'Note' })).status).toBe(400);
  expect((await client.call('POST', '/users/1/messages', { content: 'x' })).json).toEqual({ error: 'user Not Found' });
});

test('what begins with a slash is a command, in conversations and at work orders', async () => {
  await using client = await openSandbox();
  await using receiver = await told(client, ['NEW_SLASH_COMMAND']);
  const [conversation] = rowsOf(await client.get('/conversations?onlyNamed=true'), 'conversations');
  const { id = 0, name } = conversation ?? {};
  await client.call('POST', `/conversations/${Number(id)}/messages`, { content: 'no command' });
  const posted = await client.call('POST', `/conversations/${Number(id)}/messages`, {
    content: '/jira WORK-7 escalate',
  });
  const workOrder = Number((await client.call('POST', '/workorders', { title: 'Paint' })).json['id']);
  await client.call('POST', `/workorders/${workOrder}/comments`, { content: '/close' });
  await receiver.next(2);
  expect(receiver.got.map(({ body }) => body)).toMatchObject([
    {
      command: 'jira',
      content: 'WORK-7 escalate',
      messageId: posted.json['id'],
      parent: { id, name, type: 'CONVERSATION' },
      user: { id: expect.any(Number) },
    },
    { command: 'close', content: '', parent: { id: workOrder, name: 'Paint', type: 'WORK_ORDER' } },
  ]);
});
