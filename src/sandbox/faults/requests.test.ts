import { expect, test } from 'vitest';
import { fixedClock, openSandbox, send, type Client } from '../testing.ts';

/** How a request that fetch gave up on ended. */
const endOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'answered',
    (error: unknown) => (error instanceof Error ? error.name : 'failed'),
  );

/** A request that the client gives up after a while. */
function patiently(client: Client, ms: number, method = 'GET', path = '/teams', body?: string): Promise<Response> {
  return fetch(`${client.sandbox.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${client.sandbox.apiKey}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(ms),
    ...(body === undefined ? {} : { body }),
  });
}

const vendors = (client: Client): number => client.sandbox.stats().records.vendor;
const VENDOR = JSON.stringify({ name: 'Made or not' });

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !isTrue(); tries++) await new Promise((resolve) => void setTimeout(resolve, 10));
  expect(isTrue()).toBe(true);
}

test('tooManyRequests: 429 without being over the limit, with or without headers, however absurd', async () => {
  await using client = await openSandbox({ requestsPerMinute: 100 });
  client.sandbox.setFaults({ tooManyRequests: { reset: 86_400_000 } });
  const absurd = await client.get('/teams');
  expect([absurd.status, absurd.headers.get('x-rate-limit-reset')]).toEqual([429, '86400000']);
  expect(absurd.json).toEqual({ error: 'Too many requests. Please retry in 86400000 seconds' });
  client.sandbox.setFaults({ tooManyRequests: { reset: '-soon-' } });
  expect((await client.get('/teams')).headers.get('x-rate-limit-reset')).toBe('-soon-');
  client.sandbox.setFaults({ tooManyRequests: { headers: false } });
  const bare = await client.get('/teams');
  expect([bare.status, bare.headers.get('x-rate-limit-reset'), bare.headers.get('x-rate-limit-limit')]).toEqual([
    429,
    null,
    null,
  ]);
});

test('serverError: HTML as of a proxy, and nothing is executed', async () => {
  await using client = await openSandbox();
  const before = vendors(client);
  for (const status of [500, 502, 503, 504] as const) {
    client.sandbox.setFaults({ serverError: { status } });
    const reply = await client.call('POST', '/vendors', { name: 'Not made' });
    expect([reply.status, reply.headers.get('content-type')]).toEqual([status, 'text/html']);
    expect(reply.text).toMatch(new RegExp(`<title>${status} `));
  }
  expect(vendors(client)).toBe(before);
});

test('latency: an answer takes its time, fixed or between two times', async () => {
  await using client = await openSandbox();
  const took = async (): Promise<number> => {
    const began = performance.now();
    expect((await client.get('/teams?limit=1')).status).toBe(200);
    return performance.now() - began;
  };
  client.sandbox.setFaults({ latency: { ms: 150 } });
  expect(await took()).toBeGreaterThan(140);
  client.sandbox.setFaults({ latency: { ms: [60, 90] } });
  expect(await took()).toBeGreaterThan(55);
});

test('slowBody: the answer dribbles, and arrives whole', async () => {
  await using client = await openSandbox();
  const { text } = await client.get('/teams?limit=1');
  client.sandbox.setFaults({ slowBody: { bytes: Math.ceil(text.length / 4), pauseMs: 30 } });
  const began = performance.now();
  expect((await client.get('/teams?limit=1')).text).toBe(text);
  expect(performance.now() - began).toBeGreaterThan(80);
});

test('cutBody: fewer bytes come than were promised', async () => {
  await using client = await openSandbox();
  client.sandbox.setFaults({ cutBody: { bytes: 10 } });
  const response = await patiently(client, 2000);
  expect([response.status, Number(response.headers.get('content-length')) > 10]).toEqual([200, true]);
  await expect(response.text()).rejects.toThrow('terminated');
});

test('reset: the connection breaks before or after the request was executed', async () => {
  await using client = await openSandbox();
  const before = vendors(client);
  client.sandbox.setFaults({ reset: {} });
  expect(await endOf(patiently(client, 2000, 'POST', '/vendors', VENDOR))).toBe('TypeError');
  expect(vendors(client)).toBe(before);
  client.sandbox.setFaults({ reset: { when: 'after' } });
  expect(await endOf(patiently(client, 2000, 'POST', '/vendors', VENDOR))).toBe('TypeError');
  expect(vendors(client)).toBe(before + 1);
});

test('noAnswer: done, and the answer never comes', async () => {
  await using client = await openSandbox();
  const before = vendors(client);
  client.sandbox.setFaults({ noAnswer: { operations: ['createVendor'] } });
  expect(await endOf(patiently(client, 200, 'POST', '/vendors', VENDOR))).toBe('TimeoutError');
  expect(vendors(client)).toBe(before + 1);
  client.sandbox.setFaults({ noAnswer: { cutAfterMs: 20 } });
  expect(await endOf(patiently(client, 5000, 'POST', '/vendors', VENDOR))).toBe('TypeError');
  expect(vendors(client)).toBe(before + 2);
});

test('lateExecution: the connection is gone, and the request is executed later by the clock', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const before = vendors(client);
  client.sandbox.setFaults({ lateExecution: { ms: 30_000, times: 1 } });
  expect(await endOf(patiently(client, 2000, 'POST', '/vendors', VENDOR))).toBe('TypeError');
  expect(vendors(client)).toBe(before);
  clock.move(29_999);
  expect((await client.get('/teams')).status).toBe(200);
  expect(vendors(client)).toBe(before);
  clock.move(1);
  await until(() => vendors(client) === before + 1);
});

test('lateExecution: the connection may hang too', async () => {
  await using client = await openSandbox();
  const before = vendors(client);
  client.sandbox.setFaults({ lateExecution: { ms: [100, 120], connection: 'hang' } });
  expect(await endOf(patiently(client, 60, 'POST', '/vendors', VENDOR))).toBe('TimeoutError');
  await until(() => vendors(client) === before + 1);
});

test('revokedKey: 401 until the time is over or the faults are cleared', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  client.sandbox.setFaults({ revokedKey: { fromMs: 1000, untilMs: 2000 } });
  const statuses: number[] = [];
  for (let count = 0; count < 3; count++) {
    statuses.push((await client.get('/teams')).status);
    clock.move(1000);
  }
  expect(statuses).toEqual([200, 401, 200]);
  client.sandbox.setFaults({ revokedKey: {} });
  expect((await client.get('/teams')).json).toEqual({ error: 'Invalid token' });
  client.sandbox.clearFaults();
  expect((await client.get('/teams')).status).toBe(200);
});

test('clockOff: the Date header and the stamps of records are off, the rate limit is not', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock, requestsPerMinute: 100 });
  client.sandbox.setFaults({ clockOff: { offsetMs: -600_000 } });
  const made = await client.call('POST', '/workorders', { title: 'Earlier' });
  expect(made.headers.get('date')).toBe('Mon, 14 Sep 2026 11:50:00 GMT');
  expect(made.headers.get('x-rate-limit-reset')).toBe('60');
  const [order] = client.sandbox.records('work-order').filter(({ id }) => id === made.json['id']);
  expect(order?.['createdAt']).toBe('2026-09-14T11:50:00.000Z');
  client.sandbox.clearFaults();
  expect((await client.get('/teams')).headers.get('date')).toBe('Mon, 14 Sep 2026 12:00:00 GMT');
});

test('faults strike one organisation only, when told so', async () => {
  await using client = await openSandbox({ organizations: 2 });
  const { organizations, url } = client.sandbox;
  const [first, second] = organizations;
  client.sandbox.setFaults({ serverError: { organizations: [second?.id ?? 0] } });
  const status = async (key = ''): Promise<number> =>
    (await send(`${url}/teams`, 'GET', { authorization: `Bearer ${key}` })).status;
  expect([await status(first?.apiKey), await status(second?.apiKey)]).toEqual([200, 503]);
});
