import { Agent, request, errors, type Dispatcher } from 'undici';
import { raiseMaintainx } from './errors.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Most bytes of the answer that are taken in; default `MAX_ANSWER_BYTES`. */
  readonly maxBytes?: number;
  /** The answer is a file: its content comes as `bytes`. */
  readonly file?: true;
  /** Deadline for the whole exchange, in milliseconds. */
  readonly timeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty when a file was asked for. */
  readonly body: string;
  readonly bytes?: Uint8Array;
}

/**
 * How the client reaches MaintainX. Resolves with any answer, whatever its status; rejects with `maintainx-timeout`,
 * `maintainx-unavailable` or `maintainx-too-large`.
 */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

/** Largest answer that is taken in: a page of 200 work orders with all expands stays far below. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

export interface UndiciOptions {
  /** Most connections to one host; default 16. */
  readonly connections?: number;
  /** Aborted: requests under way end with `maintainx-unavailable`. */
  readonly signal?: AbortSignal;
}

/** HTTP by undici: keep-alive, no redirects, deadline over headers and body, size cap. */
export function undiciHttp(options: UndiciOptions = {}): Http & { close(): Promise<void> } {
  const agent = new Agent({ connections: options.connections ?? 16, connect: { timeout: 10_000 } });
  const send: Http = async (one) => {
    const deadline = AbortSignal.timeout(one.timeoutMs);
    const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
    try {
      const answer = await request(one.url, {
        dispatcher: agent,
        method: one.method,
        headers: one.headers,
        body: one.body ?? null,
        signal,
        headersTimeout: one.timeoutMs,
        bodyTimeout: one.timeoutMs,
      });
      const bytes = await bytesOf(answer.body, one.maxBytes ?? MAX_ANSWER_BYTES);
      const head = { status: answer.statusCode, headers: flat(answer.headers) };
      return one.file === true ? { ...head, body: '', bytes } : { ...head, body: bytes.toString('utf8') };
    } catch (error) {
      throw translated(error, one, deadline);
    }
  };
  return Object.assign(send, { close: () => agent.close() });
}

async function bytesOf(body: Dispatcher.ResponseData['body'], most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > most) throw raiseMaintainx('maintainx-too-large', `the answer has more than ${most} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

function translated(error: unknown, one: HttpRequest, deadline: AbortSignal): unknown {
  const where = `${one.method} ${new URL(one.url).pathname}`;
  const late = error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError;
  if (deadline.aborted || late)
    return raiseMaintainx('maintainx-timeout', `${where} took longer than ${one.timeoutMs} ms`, {}, error);
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('maintainx-')) return error;
  const reason = error instanceof Error ? error.message : 'unknown reason';
  // undici's parser keeps the bytes of an answer that is no HTTP, and they may echo the request's headers.
  const cause = error instanceof errors.HTTPParserError ? undefined : error;
  return raiseMaintainx('maintainx-unavailable', `${where} failed: ${reason}`, {}, cause);
}
