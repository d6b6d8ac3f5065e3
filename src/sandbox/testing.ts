import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../base/clock.ts';
import { isObject, objectOf, parseJson, type Json, type JsonObject } from '../base/json.ts';
import { readBytes } from './http/request.ts';
import { objectsOf, type Row } from './plant/row.ts';
import { startSandbox, type Sandbox } from './sandbox.ts';
import type { SandboxOptions } from './options.ts';

/** Help for the tests of the sandbox: real HTTP, nothing faked but the clock. */

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Empty when the answer is no JSON object. */
  readonly json: JsonObject;
}

export interface Client {
  readonly sandbox: Sandbox;
  call(method: string, path: string, body?: Json): Promise<Reply>;
  get(path: string): Promise<Reply>;
  /** Sends bytes, as files are. */
  put(path: string, bytes: Uint8Array, contentType?: string): Promise<Reply>;
}

export async function openSandbox(options: SandboxOptions = {}): Promise<Client & AsyncDisposable> {
  const sandbox = await startSandbox({ port: 0, requestsPerMinute: 0, organisationRequestsPerMinute: 0, ...options });
  const call = (method: string, path: string, body?: Json): Promise<Reply> =>
    send(`${sandbox.url}${path}`, method, { authorization: `Bearer ${sandbox.apiKey}` }, body);
  const put = (path: string, bytes: Uint8Array, contentType = 'application/octet-stream'): Promise<Reply> =>
    exchange(`${sandbox.url}${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${sandbox.apiKey}`, 'content-type': contentType },
      body: Buffer.from(bytes),
    });
  return { sandbox, call, put, get: (path) => call('GET', path), [Symbol.asyncDispose]: () => sandbox.close() };
}

export async function send(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: Json,
): Promise<Reply> {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  return exchange(url, { method, headers: { 'content-type': 'application/json', ...headers }, ...content });
}

async function exchange(url: string, request: RequestInit): Promise<Reply> {
  const response = await fetch(url, request);
  const text = await response.text();
  const parsed = parseJson(text);
  const json = 'value' in parsed && isObject(parsed.value) ? parsed.value : {};
  return { status: response.status, headers: response.headers, text, json };
}

/** The rows of a page. */
export const rowsOf = (reply: Reply, key: string): readonly JsonObject[] => objectsOf(reply.json[key]);

/** The record inside a single answer. */
export const recordOf = (reply: Reply, key: string): Row => ({ ...objectOf(reply.json[key]) });

/** A clock that stands until it is moved; sleeping takes no time at all. */
export function fixedClock(start = Date.parse('2026-09-14T12:00:00.000Z')): Clock & { move(ms: number): void } {
  let now = start;
  return {
    now: () => now,
    sleep: () => new Promise((resolve) => void setImmediate(resolve)),
    move: (ms) => {
      now += ms;
    },
  };
}

export interface Delivery {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  readonly body: JsonObject;
}

/** A receiver of webhooks, and what it answers. */
export async function openReceiver(
  status: number | (() => number | Promise<number>) = 200,
): Promise<
  { readonly url: string; readonly got: readonly Delivery[]; next(count: number): Promise<void> } & AsyncDisposable
> {
  const got: Delivery[] = [];
  const server = createServer((message, response) => {
    void (async () => {
      const raw = Buffer.from(await readBytes(message)).toString('utf8');
      const parsed = parseJson(raw);
      got.push({
        path: message.url ?? '',
        headers: message.headers,
        raw,
        body: 'value' in parsed ? objectOf(parsed.value) : {},
      });
      response.writeHead(typeof status === 'number' ? status : await status()).end();
    })();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    got,
    next: async (count) => {
      const deadline = Date.now() + 3000;
      while (got.length < count && Date.now() < deadline) await new Promise((resolve) => void setTimeout(resolve, 5));
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
