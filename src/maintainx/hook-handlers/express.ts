import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '../../base/clock.ts';
import { raiseMaintainx } from '../errors.ts';
import { readRaw, tooLarge, type RawBody } from './raw-body.ts';
import {
  answered,
  MAX_WEBHOOK_BYTES,
  pathIn,
  receiveWebhook,
  type WebhookAnswer,
  type WebhookOptions,
} from './receive.ts';
import { BODY_SIGNATURE_HEADER } from '../webhook-signature.ts';

/** A request of Express 4 or 5, or of `node:http` itself. */
export interface ExpressRequest extends IncomingMessage {
  /** What a body parser left; `express.raw()` leaves the bytes, and these will do. */
  readonly body?: unknown;
  readonly originalUrl?: string;
}

export type ExpressHandler = (
  request: ExpressRequest,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => Promise<void>;

/**
 * A handler of webhooks for Express. It reads the raw bytes by itself, so mount it before `express.json()`; after one,
 * the signed bytes are gone and every webhook ends with `maintainx-webhook-parsed` in the application's error handler.
 */
export function expressWebhooks(options: WebhookOptions): ExpressHandler {
  return async (request, response, next) => {
    if (request.method === 'POST' && wasParsed(request)) {
      const error = raiseMaintainx(
        'maintainx-webhook-parsed',
        'a body parser read the webhook before its handler: mount the handler before the parser, or use express.raw()',
      );
      if (next === undefined) write(request, response, answered(500, error.message));
      else next(error);
      return;
    }
    write(request, response, await answerToNode(options, request));
  };
}

/** Whether somebody else read the bytes. Of an empty body there is nothing to read. */
export function wasParsed({ body, headers, readableDidRead, readableEnded }: ExpressRequest): boolean {
  const isEmpty = Number(headers['content-length'] ?? 0) === 0 && headers['transfer-encoding'] === undefined;
  return !isEmpty && !(body instanceof Uint8Array) && (readableDidRead || readableEnded);
}

/** The answer to a request of `node:http`, whose bytes are still to be read. */
export async function answerToNode(options: WebhookOptions, request: ExpressRequest): Promise<WebhookAnswer> {
  if (request.method !== 'POST') return answered(405, 'webhooks are sent by POST');
  const body = await rawOf(options, request);
  if ('refused' in body) return body.refused;
  const header = request.headers[BODY_SIGNATURE_HEADER];
  return receiveWebhook(
    options,
    body.raw,
    Array.isArray(header) ? header[0] : header,
    pathIn(request.originalUrl ?? request.url),
  );
}

function rawOf(options: WebhookOptions, request: ExpressRequest): Promise<RawBody> | RawBody {
  const { maxBytes = MAX_WEBHOOK_BYTES, timeoutMs = 8_000, clock = systemClock } = options;
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return tooLarge(maxBytes);
  if (!(request.body instanceof Uint8Array)) return readRaw(unbroken(request), { maxBytes, timeoutMs, clock });
  return request.body.length > maxBytes ? tooLarge(maxBytes) : { raw: request.body };
}

/** Reading that stops halfway must not destroy the request: its connection still carries the answer. */
const unbroken = (request: ExpressRequest): AsyncIterable<unknown> => request.iterator({ destroyOnReturn: false });

function write(request: ExpressRequest, response: ServerResponse, { status, message }: WebhookAnswer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', ...headersOf(request, status) });
  response.end(JSON.stringify({ message }));
}

/** What an answer carries beside its message. */
export function headersOf(request: IncomingMessage, status: WebhookAnswer['status']): Record<string, string> {
  const ended = request.readableEnded || request.complete;
  return {
    ...(status === 405 ? { allow: 'POST' } : {}),
    // What was not read would be taken for the next request.
    ...(ended ? {} : { connection: 'close' }),
  };
}
