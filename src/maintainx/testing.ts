import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../base/clock.ts';
import { CodedError } from '../base/coded-error.ts';
import { createClient, type MaintainxClient } from './client.ts';
import type { ClientOptions } from './client-options.ts';

/** Help for the tests of the client: a server that says what it is told, and remembers what it was asked. */

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string or bytes as they are; anything else as JSON. */
  readonly body?: unknown;
}

export interface Site extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** The only request. */
  readonly only: Asked;
  client(options?: Partial<ClientOptions>): MaintainxClient;
}

/** Wednesday, 16 September 2026. */
export const NOW = Date.UTC(2026, 8, 16, 12);

/** A clock that stands still and sleeps no time. */
const standingClock: Clock = { now: () => NOW, sleep: () => Promise.resolve() };

/** Answers in order; the last one again and again. */
export async function openSite(...replies: readonly Reply[]): Promise<Site> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { status = 200, headers = {}, body = {} } = replies[Math.min(asked.length, replies.length - 1)] ?? {};
      asked.push({
        method: request.method ?? '',
        url: new URL(request.url ?? '/', 'http://site'),
        headers: request.headers,
        body: Buffer.concat(chunks),
      });
      const content = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
      response.writeHead(status, headers).end(status === 204 ? undefined : content);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    url,
    asked,
    get only() {
      const [first] = asked;
      if (first === undefined || asked.length > 1) throw new Error(`asked ${asked.length} times`);
      return first;
    },
    client: (options = {}) =>
      createClient({ baseUrl: `${url}/v1`, apiKey: 'key', clock: standingClock, random: () => 0, ...options }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** The coded error that `work` ends with. */
export async function failureOf(work: Promise<unknown>): Promise<CodedError> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CodedError)) throw error;
  return error;
}
