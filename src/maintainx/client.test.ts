import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../base/clock.ts';
import { CodedError } from '../base/coded-error.ts';
import { Secret } from '../base/secret.ts';
import { createClient } from './client.ts';
import type { ClientOptions } from './client-options.ts';
import { MAX_ANSWER_BYTES, undiciHttp } from './http.ts';

const KEY = 'eyJhbGciOi.a-key-that-nobody-may-see.9f86d081';

interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Answer = (response: ServerResponse) => void;

/** What the server was asked, and what it answers next; when nothing is left, the last answer again. */
let seen: Seen[] = [];
let answers: Answer[] = [];
let server: Server;
let baseUrl = '';
const http = undiciHttp();

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://server');
      const body = Buffer.concat(chunks).toString('utf8');
      seen.push({ method: request.method ?? '', url, headers: request.headers, body });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${addressOf(server).port}/v1`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await http.close();
});
beforeEach(() => {
  seen = [];
});

function addressOf(listening: Server): AddressInfo {
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address;
}

const text =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(body);
const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer =>
  text(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });

function clientOf(options: Partial<ClientOptions> = {}) {
  const waits: number[] = [];
  const clock: Clock = { now: () => 0, sleep: (ms) => (waits.push(ms), Promise.resolve()) };
  const client = createClient({ baseUrl, apiKey: new Secret(KEY), http, clock, random: () => 0.5, ...options });
  return { client, waits };
}

async function failureOf(work: Promise<unknown>): Promise<CodedError> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CodedError)) throw error;
  return error;
}

describe('an answer that is no success', () => {
  const envelope = { errors: [{ error: 'Title is required', fieldPath: 'title' }] };

  it.each([
    [400, 'maintainx-rejected'],
    [401, 'maintainx-unauthorized'],
    [403, 'maintainx-forbidden'],
    [404, 'maintainx-not-found'],
    [409, 'maintainx-rejected'],
    [422, 'maintainx-rejected'],
    [429, 'maintainx-rate-limited'],
    [500, 'maintainx-unavailable'],
    [502, 'maintainx-unavailable'],
    [503, 'maintainx-unavailable'],
    [301, 'maintainx-rejected'],
  ])('of status %i is %s', async (status, code) => {
    answers = [json(status, envelope)];
    const error = await failureOf(clientOf().client.get('asset', '5'));
    expect(error).toMatchObject({ code, details: { status, problems: envelope.errors } });
    expect(error.message).toContain('Title is required');
  });

  it.each([
    [
      'a list of errors',
      '{"errors":[{"error":"a"},{"error":"b","fieldPath":"x"}]}',
      [{ error: 'a' }, { error: 'b', fieldPath: 'x' }],
    ],
    ['one error', '{"error":"Invalid token"}', [{ error: 'Invalid token' }]],
    ['plain text', 'Invalid authentication token', []],
    ['HTML of a proxy', '<html><h1>Bad</h1></html>', []],
    ['nothing', '', []],
    ['something else in JSON', '[1,{"errors":"none"}]', []],
    ['errors that are none', '{"errors":[1,null,{"message":"x"}],"error":7}', []],
  ])('is understood when it is %s', async (_what, body, problems) => {
    answers = [text(401, body)];
    expect(await failureOf(clientOf().client.organizations())).toMatchObject({
      code: 'maintainx-unauthorized',
      details: { status: 401, problems },
    });
  });

  it.each(['Cannot GET /v1/assets/5', '<html>no such host</html>', '', '{}', '{"message":"Not Found"}'])(
    'is no word about the record when it is a 404 without MaintainX’s envelope: %j',
    async (body) => {
      answers = [text(404, body)];
      expect(await failureOf(clientOf().client.get('asset', '5'))).toMatchObject({ code: 'maintainx-unreadable' });
    },
  );
});

describe('what MaintainX says of an error', () => {
  it('is cut short and freed of NUL, so that it can be kept as a reason', async () => {
    answers = [json(400, { error: `a\0b${'x'.repeat(1_000)}` })];
    const { message } = await failureOf(clientOf().client.get('asset', '5'));
    expect(message).toMatch(/^GET \/assets\/\{id\} answered 400: a\uFFFDbx+$/);
    expect(message.length).toBeLessThan(400);
  });
});

describe('a success that is not what was promised', () => {
  it.each([
    ['HTML', '<html></html>'],
    ['JSON cut off', '{"asset":{"id":5'],
    ['JSON too deep', '{"asset":'.repeat(100)],
    ['another envelope', '{"location":{"id":5}}'],
    ['no object in it', '{"asset":[]}'],
  ])('is unreadable: %s', async (_what, body) => {
    answers = [text(200, body)];
    expect(await failureOf(clientOf().client.get('asset', '5'))).toMatchObject({ code: 'maintainx-unreadable' });
  });

  it('is unreadable when a list lacks its rows', async () => {
    answers = [json(200, { workOrders: [] })];
    expect(await failureOf(clientOf().client.list('asset'))).toMatchObject({ code: 'maintainx-unreadable' });
  });
});

describe('tries', () => {
  it('of a read are three when MaintainX is down, with waits that grow', async () => {
    answers = [text(502, 'bad gateway')];
    const { client, waits } = clientOf();
    expect(await failureOf(client.get('asset', '5'))).toMatchObject({ code: 'maintainx-unavailable' });
    expect(seen).toHaveLength(3);
    expect(waits).toEqual([150, 300]);
  });

  it('of a read end with the first success', async () => {
    answers = [text(500, ''), json(200, { asset: { id: 5 } })];
    expect(await clientOf().client.get('asset', '5')).toEqual({ id: 5 });
    expect(seen).toHaveLength(2);
  });

  it('of a read that MaintainX refuses is one', async () => {
    for (const status of [400, 401, 403, 404]) {
      answers = [json(status, { error: 'no' })];
      seen = [];
      await failureOf(clientOf().client.get('asset', '5'));
      expect(seen).toHaveLength(1);
    }
  });

  it.each([500, 502, 503, 400, 404])('of a write that was answered %i is one', async (status) => {
    answers = [json(status, { error: 'no' })];
    const { client } = clientOf();
    await failureOf(client.create('category', { label: 'Leak' }));
    await failureOf(client.update('category', '1', { label: 'Leak' }));
    await failureOf(client.remove('category', '1'));
    expect(seen.map((one) => one.method)).toEqual(['POST', 'PATCH', 'DELETE']);
  });

  it('of a write whose connection broke is one: it may have happened', async () => {
    answers = [(response) => void response.destroy()];
    const error = await failureOf(clientOf().client.create('category', { label: 'Leak' }));
    expect(error.code).toBe('maintainx-unavailable');
    expect(seen).toHaveLength(1);
  });

  it('are repeated after 429 even for a write, once the window has ended: it was not done', async () => {
    answers = [
      text(429, '', { 'x-rate-limit-reset': '7' }),
      json(429, { error: 'Too many requests. Please retry in 10 seconds' }),
      json(201, { id: 77 }),
    ];
    const { client, waits } = clientOf();
    expect(await client.create('category', { label: 'Leak' })).toBe('77');
    expect(seen.map((one) => one.body)).toEqual(Array.from({ length: 3 }, () => '{"label":"Leak"}'));
    expect(waits).toEqual([8_000 + 150, 11_000 + 300]);
  });

  it('after 429 end after four', async () => {
    answers = [text(429, '')];
    const error = await failureOf(clientOf().client.create('category', { label: 'Leak' }));
    expect(error).toMatchObject({ code: 'maintainx-rate-limited', details: { retryAfterMs: 60_000 } });
    expect(seen).toHaveLength(4);
  });
});

describe('the deadline', () => {
  it('holds for an answer that does not come', async () => {
    answers = [() => undefined];
    const error = await failureOf(clientOf({ timeoutMs: 80 }).client.create('category', { label: 'Leak' }));
    expect(error).toMatchObject({ code: 'maintainx-timeout', retryable: false });
  });

  it('holds for a body that does not end', async () => {
    answers = [(response) => void response.writeHead(200).write('{"asset":')];
    const error = await failureOf(clientOf({ timeoutMs: 80 }).client.get('asset', '5'));
    expect(error.code).toBe('maintainx-timeout');
    expect(seen).toHaveLength(3);
  });
});

describe('the size of an answer', () => {
  it('is cut off at the cap', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'x');
    answers = [
      (response) => {
        response.writeHead(200);
        for (let sent = 0; sent <= MAX_ANSWER_BYTES; sent += piece.length) response.write(piece);
        response.end();
      },
    ];
    expect(await failureOf(clientOf().client.get('asset', '5'))).toMatchObject({ code: 'maintainx-too-large' });
    expect(seen).toHaveLength(1);
  });

  it('that ends before it was told to is no answer', async () => {
    answers = [
      (response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"asset":{}}');
        setImmediate(() => response.destroy());
      },
    ];
    expect(await failureOf(clientOf().client.get('asset', '5'))).toMatchObject({ code: 'maintainx-unavailable' });
  });
});

describe('pages', () => {
  const page = (ids: readonly number[], nextCursor: string | null): Answer =>
    json(200, { assets: ids.map((id) => ({ id })), nextCursor });

  it('follow the cursor to the end', async () => {
    answers = [page([1, 2], 'b'), page([3], 'c'), page([], null)];
    const ids: number[] = [];
    for await (const one of clientOf().client.pages('asset', { sort: 'id' }))
      ids.push(...one.rows.map((row) => row.id));
    expect(ids).toEqual([1, 2, 3]);
    expect(seen.map((one) => one.url.searchParams.get('cursor'))).toEqual([null, 'b', 'c']);
    expect(seen.every((one) => one.url.searchParams.get('sort') === 'id')).toBe(true);
  });

  it('find the cursor in the next page’s URL, whole or relative', async () => {
    for (const nextPageUrl of ['/v1/assets?limit=200&cursor=abc%3D', 'https://x.example/v1/assets?cursor=abc%3D']) {
      answers = [json(200, { assets: [], nextPageUrl })];
      expect((await clientOf().client.list('asset')).nextCursor).toBe('abc=');
    }
    for (const nextPageUrl of ['', null]) {
      answers = [json(200, { assets: [], nextPageUrl, nextCursor: '' })];
      expect((await clientOf().client.list('asset')).nextCursor).toBeNull();
    }
  });

  it('end with an error when MaintainX repeats a cursor', async () => {
    answers = [page([1], 'b'), page([2], 'c'), page([3], 'b')];
    const all = async (): Promise<void> => {
      for await (const _ of clientOf().client.pages('asset')) void _;
    };
    expect(await failureOf(all())).toMatchObject({ code: 'maintainx-unreadable' });
    expect(seen).toHaveLength(3);
  });

  it('tell MaintainX’s clock, and leave out rows that are no objects', async () => {
    answers = [json(200, { assets: [{ id: 1 }, null, 7] }, { date: 'Wed, 16 Sep 2026 12:00:00 GMT' })];
    const listed = await clientOf().client.list('asset');
    expect(listed).toMatchObject({ rows: [{ id: 1 }], serverTime: Date.UTC(2026, 8, 16, 12) });
    answers = [json(200, { assets: [] }, { date: 'yesterday' })];
    expect((await clientOf().client.list('asset')).serverTime).toBeNull();
  });

  it('keep ids that no double holds digit by digit', async () => {
    answers = [text(200, '{"asset":{"id":9007199254740993}}')];
    expect(await clientOf().client.get('asset', '9007199254740993')).toEqual({ id: '9007199254740993' });
  });
});

describe('a request', () => {
  it('repeats the key of a parameter with several values, and leaves out those without one', async () => {
    answers = [json(200, { assets: [] })];
    const updatedSince = Date.UTC(2026, 8, 16, 12);
    await clientOf().client.list('asset', {
      limit: 50,
      sort: 'updatedAt',
      updatedSince,
      expand: ['barcode', 'extra_fields'],
    });
    expect([...(seen[0]?.url.searchParams ?? [])]).toEqual([
      ['limit', '50'],
      ['sort', 'updatedAt'],
      ['updatedAt[gte]', '2026-09-16T12:00:00.000Z'],
      ['expand', 'barcode'],
      ['expand', 'extra_fields'],
    ]);
    expect(seen[0]?.url.pathname).toBe('/v1/assets');
  });

  it('asks for upcoming work orders too, which MaintainX hides otherwise', async () => {
    answers = [json(200, { workOrders: [] })];
    await clientOf().client.list('work-order');
    expect(seen[0]?.url.searchParams.get('show_upcoming')).toBe('true');
    expect(seen[0]?.url.searchParams.get('limit')).toBe('200');
    expect(seen[0]?.url.searchParams.getAll('expand')).toContain('assignees');
  });

  it('names the organisation only when it is told to', async () => {
    answers = [json(200, { organizations: [] })];
    await clientOf().client.organizations();
    await clientOf({ organizationId: '42' }).client.inLane('sweep').organizations();
    expect(seen.map((one) => one.headers['x-organization-id'])).toEqual([undefined, '42']);
    expect(seen.map((one) => one.headers.authorization)).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`]);
  });

  it('waits in the lane that the client was given', async () => {
    answers = [json(200, { organizations: [] })];
    const lanes: string[] = [];
    const { client } = clientOf({ gate: (lane, send) => (lanes.push(lane), send()) });
    await client.organizations();
    await client.inLane('hydrate').organizations();
    expect(lanes).toEqual(['person', 'hydrate']);
  });
});

describe('subscriptions', () => {
  it('are created, looked at, asked for their secret and removed', async () => {
    answers = [
      json(201, { id: 9, status: 'VALID', secret: 'mx_s' }),
      json(200, { subscription: { id: 9, status: 'PENDING_APPROVAL' } }),
      json(200, { secret: 'mx_s' }),
      text(204, ''),
    ];
    const { client } = clientOf();
    const made = await client.subscribe('NEW_ASSET', 'https://me.example/hooks/k');
    expect([made.id, made.status, made.secret?.reveal()]).toEqual(['9', 'VALID', 'mx_s']);
    expect(await client.subscription('9')).toEqual({ id: '9', status: 'PENDING_APPROVAL' });
    expect((await client.subscriptionSecret('9')).reveal()).toBe('mx_s');
    await client.unsubscribe('9');
    expect(seen.map((one) => `${one.method} ${one.url.pathname} ${one.body}`)).toEqual([
      'POST /v1/subscriptions {"type":"NEW_ASSET","url":"https://me.example/hooks/k"}',
      'GET /v1/subscriptions/9 ',
      'GET /v1/subscriptions/9/secret ',
      'DELETE /v1/subscriptions/9 ',
    ]);
  });
});

describe('the key', () => {
  it('stands in no error, whatever went wrong', async () => {
    const troubles: readonly Answer[] = [
      json(401, { error: 'Invalid token' }),
      text(500, 'oops'),
      text(200, 'no JSON'),
      (response) => void response.destroy(),
      () => undefined,
    ];
    for (const trouble of troubles) {
      answers = [trouble];
      const error = await failureOf(clientOf({ timeoutMs: 80 }).client.get('asset', '5'));
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(KEY);
    }
    const nowhere = clientOf({ baseUrl: 'http://127.0.0.1:1/v1' }).client;
    expect(inspect(await failureOf(nowhere.get('asset', '5')), { depth: 9 })).not.toContain(KEY);
  });
});
