import { expect, test } from 'vitest';
import { fixedClock, openSandbox, send } from '../testing.ts';

test('without a token the answer is text, with a wrong one JSON', async () => {
  await using client = await openSandbox();
  const missing = await send(`${client.sandbox.url}/assets`, 'GET', {});
  expect([missing.status, missing.text]).toEqual([401, 'Invalid authentication token']);
  const wrong = await send(`${client.sandbox.url}/assets`, 'GET', { authorization: 'Bearer nonsense' });
  expect([wrong.status, wrong.json]).toEqual([401, { error: 'Invalid token' }]);
});

test('the list of versions needs no token', async () => {
  await using client = await openSandbox();
  expect((await send(`${client.sandbox.url}/versions`, 'GET', {})).text).toBe('[{"version":"v1"}]');
});

test('the window empties, answers 429 with the seconds left, and opens again', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ requestsPerMinute: 2, clock });
  const first = await client.get('/teams');
  expect(limits(first.headers)).toEqual(['2', '1', '60']);
  expect(first.headers.get('date')).toBe('Mon, 14 Sep 2026 12:00:00 GMT');
  clock.move(50_000);
  expect(limits((await client.get('/teams')).headers)).toEqual(['2', '0', '10']);
  const refused = await client.get('/teams');
  expect(refused.status).toBe(429);
  expect(refused.json).toEqual({ error: 'Too many requests. Please retry in 10 seconds' });
  expect(limits(refused.headers)).toEqual(['2', '0', '10']);
  expect(refused.headers.get('retry-after')).toBeNull();
  clock.move(10_000);
  expect((await client.get('/teams')).status).toBe(200);
});

const limits = (headers: Headers): (string | null)[] =>
  ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-rate-limit-${name}`));

test('each user has a window of his own, all share the one of the organisation', async () => {
  await using client = await openSandbox({ requestsPerMinute: 2, organisationRequestsPerMinute: 3 });
  const { url, apiKey } = client.sandbox;
  const other = client.sandbox.records('user').at(1);
  const asOther = { authorization: `Bearer ${apiKey}-${Number(other?.['id'])}` };
  const statuses: number[] = [];
  for (let count = 0; count < 3; count++) statuses.push((await client.get('/teams')).status);
  for (let count = 0; count < 2; count++) statuses.push((await send(`${url}/teams`, 'GET', asOther)).status);
  expect(statuses).toEqual([200, 200, 429, 200, 429]);
});

test('an unknown path is answered as Express does', async () => {
  await using client = await openSandbox();
  const reply = await client.call('PUT', '/workorder/1');
  expect([reply.status, reply.text]).toEqual([404, 'Cannot PUT /v1/workorder/1']);
});

test('FACTS 2.2: one user has one allowance across all his organisations, each organisation one of its own', async () => {
  await using client = await openSandbox({
    organizations: 2,
    requestsPerMinute: 3,
    organisationRequestsPerMinute: 2,
    clock: fixedClock(),
  });
  const { organizations, multiOrganizationKey, url } = client.sandbox;
  const statusIn = async (index: number): Promise<number> => {
    const id = String(organizations[index]?.id);
    const headers = { authorization: `Bearer ${multiOrganizationKey}`, 'x-organization-id': id };
    return (await send(`${url}/teams`, 'GET', headers)).status;
  };
  expect([await statusIn(0), await statusIn(0), await statusIn(0)]).toEqual([200, 200, 429]);
  expect([await statusIn(1), await statusIn(1)]).toEqual([200, 429]);
  const own = await send(`${url}/teams`, 'GET', { authorization: `Bearer ${organizations[1]?.apiKey}` });
  expect(own.status).toBe(200);
});

test('windows begin at the phase that was asked for', async () => {
  const clock = fixedClock(Date.parse('2026-09-14T12:00:50.000Z'));
  await using client = await openSandbox({ requestsPerMinute: 5, windowPhaseMs: 15_000, clock });
  expect(limits((await client.get('/teams')).headers)).toEqual(['5', '4', '25']);
  clock.move(25_000);
  expect(limits((await client.get('/teams')).headers)).toEqual(['5', '4', '60']);
});

test('an invalid key gets the headers too, and counts for nobody', async () => {
  await using client = await openSandbox({ requestsPerMinute: 2 });
  const refused = await send(`${client.sandbox.url}/teams`, 'GET', { authorization: 'Bearer nonsense' });
  expect(limits(refused.headers)).toEqual(['2', '2', '60']);
});

test('signing a work permit needs no key, as the specification says; nothing else goes without', async () => {
  await using client = await openSandbox();
  const body = { externalLinkUuid: 'not this one', signerName: 'Passer-by' };
  const signed = await send(`${client.sandbox.url}/workPermits/1/sign`, 'POST', {}, body);
  expect([200, 201, 401]).not.toContain(signed.status);
  expect((await send(`${client.sandbox.url}/workPermits/1/sign`, 'DELETE', {})).status).toBe(401);
});
