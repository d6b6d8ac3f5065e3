import { createHmac } from 'node:crypto';
import { createServer, request as httpRequest, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../base/clock.ts';
import { Secret } from '../../base/secret.ts';
import { expressWebhooks } from './express.ts';
import { fastifyWebhooks } from './fastify.ts';
import { fetchWebhooks } from './fetch.ts';
import type { WebhookDelivery, WebhookOptions } from './receive.ts';

const SECRET = 'mx_11111111-2222-4333-8444-555555555555_66666666-7777-4888-9999-aaaaaaaaaaaa';
const NOW = 1_789_390_999_000;
const BODY = '{"eventType":"NEW_WORK_ORDER","occurredAt":"2026-09-14T13:03:18.971Z","orgId":1,"workOrderId":42}';

const signed = (payload: string, t = String(NOW / 1000), secret = SECRET): string =>
  `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${payload}`).digest('hex')}`;

interface Sent {
  readonly payload?: string | Buffer;
  readonly signature?: string | undefined;
  readonly path?: string;
  readonly method?: string;
  readonly contentType?: string | undefined;
  /** Half of the body is sent, and no more. */
  readonly stalls?: true;
}
interface Got {
  readonly status: number;
  readonly text: string;
}
interface Site extends AsyncDisposable {
  post(sent?: Sent): Promise<Got>;
}

async function over(url: string, { payload = BODY, signature, path = '/hooks/a', method = 'POST', ...rest }: Sent) {
  const contentType = 'contentType' in rest ? rest.contentType : 'application/json';
  const headers: Record<string, string> = {};
  if (contentType !== undefined) headers['content-type'] = contentType;
  if (signature !== undefined) headers['x-maintainx-webhook-body-signature'] = signature;
  return new Promise<Got>((resolve, reject) => {
    const request = httpRequest(`${url}${path}`, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject);
    if (rest.stalls === true) request.write(payload.slice(0, 9));
    else request.end(method === 'GET' ? undefined : payload);
  });
}

const urlOf = (address: AddressInfo | string | null): string =>
  `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;

async function listening(listener: RequestListener): Promise<Site> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = urlOf(server.address());
  return {
    post: (sent = {}) => over(url, sent),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

const SITES: Readonly<Record<string, (options: WebhookOptions) => Promise<Site>>> = {
  'Express 5': (options) => {
    const app = express();
    app.all('/hooks/:name', expressWebhooks(options));
    app.use(express.json());
    return listening(app);
  },
  'Express with express.raw()': (options) => {
    const app = express();
    app.all('/hooks/:name', express.raw({ type: () => true, limit: '2mb' }), expressWebhooks(options));
    return listening(app);
  },
  'node:http': (options) => listening((request, response) => void expressWebhooks(options)(request, response)),
  'Fastify 5': async (options) => {
    const app = fastify();
    await app.register(fastifyWebhooks(options), { prefix: '/hooks' });
    app.post('/other', (request) => Promise.resolve(request.body));
    await app.listen({ port: 0, host: '127.0.0.1' });
    return {
      post: (sent = {}) => over(urlOf(app.server.address()), sent),
      [Symbol.asyncDispose]: () => app.close(),
    };
  },
  'the Fetch API': (options) => {
    const handle = fetchWebhooks(options);
    const post = async (sent: Sent = {}): Promise<Got> => {
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (sent.signature !== undefined) headers['x-maintainx-webhook-body-signature'] = sent.signature;
      const method = sent.method ?? 'POST';
      const body = method === 'GET' ? {} : { body: String(sent.payload ?? BODY) };
      const request = new Request(`https://me.example${sent.path ?? '/hooks/a'}`, { method, headers, ...body });
      const response = await handle(request);
      return { status: response.status, text: await response.text() };
    };
    return Promise.resolve({ post, [Symbol.asyncDispose]: () => Promise.resolve() });
  },
};

const clock: Clock = { now: () => NOW, sleep: systemClock.sleep };

function taking(options: Partial<WebhookOptions> = {}) {
  const taken: WebhookDelivery[] = [];
  const all: WebhookOptions = { secrets: SECRET, clock, onDelivery: (one) => void taken.push(one), ...options };
  return { taken, options: all };
}

for (const [name, open] of Object.entries(SITES))
  describe(`a webhook over ${name}`, () => {
    it('is taken with its raw bytes, its event and a fingerprint, and acknowledged with 202', async () => {
      const { taken, options } = taking();
      await using site = await open(options);
      expect((await site.post({ signature: signed(BODY) })).status).toBe(202);
      expect(taken).toMatchObject([
        { eventType: 'NEW_WORK_ORDER', timestamp: NOW, path: '/hooks/a', body: { workOrderId: 42 } },
      ]);
      expect(Buffer.from(taken[0]?.raw ?? []).toString()).toBe(BODY);
      await site.post({ signature: signed(BODY, String(NOW / 1000 + 1)) });
      expect(taken[0]?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
      expect(taken[1]?.fingerprint).toBe(taken[0]?.fingerprint);
    });

    it('may be signed in seconds or in milliseconds (FACTS 1.1)', async () => {
      const { options } = taking();
      await using site = await open(options);
      expect((await site.post({ signature: signed(BODY, String(NOW)) })).status).toBe(202);
    });

    it('is refused unsigned, with another secret, and with the same JSON spaced differently', async () => {
      const { taken, options } = taking();
      await using site = await open(options);
      expect((await site.post()).status).toBe(401);
      expect((await site.post({ signature: signed(BODY, '1789390999', 'other') })).status).toBe(401);
      const spaced = JSON.stringify(JSON.parse(BODY), null, 1);
      expect((await site.post({ payload: spaced, signature: signed(BODY) })).status).toBe(401);
      expect(taken).toEqual([]);
    });

    it('is refused when it is replayed after five minutes', async () => {
      const { taken, options } = taking();
      await using site = await open(options);
      const old = await site.post({ signature: signed(BODY, String(NOW / 1000 - 301)) });
      expect(old).toMatchObject({ status: 401, text: expect.stringContaining('outside-time-window') });
      expect((await site.post({ signature: signed(BODY, String(NOW / 1000 - 300)) })).status).toBe(202);
      expect(taken).toHaveLength(1);
    });

    it('is accepted with any of several secrets, and with the one of its path', async () => {
      const several = taking({ secrets: ['old', new Secret(SECRET)] });
      const byPath = taking({ secrets: (path) => Promise.resolve(path === '/hooks/b' ? SECRET : undefined) });
      await using first = await open(several.options);
      await using second = await open(byPath.options);
      expect((await first.post({ signature: signed(BODY) })).status).toBe(202);
      expect((await second.post({ signature: signed(BODY), path: '/hooks/b?x=1' })).status).toBe(202);
      expect((await second.post({ signature: signed(BODY) })).status).toBe(401);
    });

    it('is never accepted with an empty secret', async () => {
      const { options } = taking({ secrets: '' });
      await using site = await open(options);
      expect((await site.post({ signature: signed(BODY, '1789390999', '') })).status).toBe(401);
    });

    it('is not acknowledged when it could not be taken', async () => {
      const errors: unknown[] = [];
      const onDelivery = (): Promise<void> => Promise.reject(new Error('disk full, password 1234'));
      const { options } = taking({ onDelivery, onError: (error) => errors.push(error) });
      await using site = await open(options);
      const answer = await site.post({ signature: signed(BODY) });
      expect(answer.status).toBe(503);
      expect(answer.text).not.toContain('1234');
      expect(errors).toHaveLength(1);
    });

    it('is refused when it is no JSON, though signed', async () => {
      const { taken, options } = taking();
      await using site = await open(options);
      expect((await site.post({ payload: 'no JSON', signature: signed('no JSON') })).status).toBe(400);
      expect((await site.post({ payload: '', signature: signed('') })).status).toBe(400);
      expect(taken).toEqual([]);
    });

    it('is refused when it is larger than a megabyte', async () => {
      const { taken, options } = taking();
      await using site = await open(options);
      const payload = JSON.stringify('x'.repeat(1024 * 1024));
      const answer = await site.post({ payload, signature: signed(payload) }).catch(() => ({ status: 413 }));
      expect(answer.status).toBe(413);
      expect(taken).toEqual([]);
    });

    it('comes by POST', async () => {
      const { options } = taking();
      await using site = await open(options);
      expect((await site.post({ method: 'GET' })).status).toBe(405);
    });

    it('needs no content type', async () => {
      const { taken, options } = taking();
      await using site = await open(options);
      expect((await site.post({ signature: signed(BODY), contentType: undefined })).status).toBe(202);
      expect(taken).toHaveLength(1);
    });
  });

describe.each(['Express 5', 'node:http', 'Fastify 5'])('a webhook over %s', (name) => {
  const open = SITES[name];
  if (open === undefined) throw new Error(`no site: ${name}`);

  it('whose body stalls is answered 408', async () => {
    await using site = await open(taking({ timeoutMs: 60 }).options);
    expect((await site.post({ signature: signed(BODY), stalls: true })).status).toBe(408);
  });

  it('may be called anything by its content type: what is signed are its bytes', async () => {
    const { taken, options } = taking();
    await using site = await open(options);
    const answer = await site.post({ signature: signed(BODY), contentType: 'garbage' });
    expect([answer.status, taken.length]).toEqual([202, 1]);
  });
});

describe('a reporter of errors', () => {
  it('that fails later ends no process', async () => {
    const { options } = taking({
      onDelivery: () => Promise.reject(new Error('the disk is full')),
      onError: () => Promise.reject(new Error('nor can that be told')),
    });
    const unhandled: unknown[] = [];
    const listen = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listen);
    await using site = await listening((request, response) => void expressWebhooks(options)(request, response));
    expect((await site.post({ signature: signed(BODY) })).status).toBe(503);
    await systemClock.sleep(20);
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });
});

it('a secret that is missing hides none that is there', async () => {
  const { options } = taking();
  const holes: unknown[] = [undefined, null, '', SECRET];
  await using site = await listening((request, response) => {
    const all = Object.assign({}, options, { secrets: holes });
    void expressWebhooks(all)(request, response);
  });
  expect((await site.post({ signature: signed(BODY) })).status).toBe(202);
});

describe('Express with a body parser in front', () => {
  it('has read nothing of an empty body: it is unsigned, no mistake in the mounting', async () => {
    const app = express();
    app.use(express.json());
    app.post('/hooks/:name', expressWebhooks(taking().options));
    await using site = await listening(app);
    expect((await site.post({ payload: '' })).status).toBe(401);
  });

  it('ends with an error that says what to do, for the signed bytes are gone', async () => {
    const { taken, options } = taking();
    const app = express();
    app.use(express.json());
    app.post('/hooks/a', expressWebhooks(options));
    const told: express.ErrorRequestHandler = (error: Error, _request, response, _next) =>
      void response.status(500).send(error.message);
    app.use(told);
    await using site = await listening(app);
    const answer = await site.post({ signature: signed(BODY) });
    expect(answer).toMatchObject({ status: 500, text: expect.stringContaining('before the parser') });
    expect(taken).toEqual([]);
  });
});

describe('Fastify beside the plugin', () => {
  it('parses JSON as before', async () => {
    const app = fastify();
    await app.register(fastifyWebhooks(taking().options), { prefix: '/hooks' });
    app.post('/other', (request) => Promise.resolve(request.body));
    const answer = await app.inject({ method: 'POST', url: '/other', payload: { a: 1 } });
    expect(answer.json()).toEqual({ a: 1 });
    await app.close();
  });
});

describe('a request that was read before', () => {
  it('is refused with what went wrong', async () => {
    const request = new Request('https://me.example/hooks/a', { method: 'POST', body: BODY });
    await request.text();
    const answer = await fetchWebhooks(taking().options)(request);
    expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('unread')]);
  });
});

describe('a body that does not arrive', () => {
  it('is given up after its time', async () => {
    const pending = new ReadableStream<Uint8Array>({ start: (stream) => stream.enqueue(Buffer.from('{')) });
    const request = new Request('https://me.example/hooks/a', { method: 'POST', body: pending, duplex: 'half' });
    expect((await fetchWebhooks(taking({ timeoutMs: 50 }).options)(request)).status).toBe(408);
  });

  it('is given up after its time over a socket too, and the answer still comes', async () => {
    const server = createServer((request, response) => {
      void expressWebhooks(taking({ timeoutMs: 50 }).options)(request, response);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const status = await new Promise<number>((resolve, reject) => {
      const request = httpRequest(urlOf(server.address()), { method: 'POST' }, (response) => {
        resolve(response.statusCode ?? 0);
        request.destroy();
      });
      request.on('error', reject);
      request.write('{');
    });
    expect(status).toBe(408);
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
});
