import { systemClock } from '../../base/clock.ts';
import { readRaw, tooLarge, type RawBody } from './raw-body.ts';
import { answered, MAX_WEBHOOK_BYTES, receiveWebhook, type WebhookAnswer, type WebhookOptions } from './receive.ts';
import { BODY_SIGNATURE_HEADER } from '../webhook-signature.ts';

/** A handler of webhooks for whatever speaks the Fetch API: `Request` in, `Response` out. */
export function fetchWebhooks(options: WebhookOptions): (request: Request) => Promise<Response> {
  return async (request) => responseOf(await answerTo(options, request));
}

async function answerTo(options: WebhookOptions, request: Request): Promise<WebhookAnswer> {
  if (request.method !== 'POST') return answered(405, 'webhooks are sent by POST');
  if (request.bodyUsed)
    return answered(
      500,
      'maintainx-webhook-parsed: the body was read before its handler; hand over the request unread',
    );
  const body = await rawOf(options, request);
  if ('refused' in body) return body.refused;
  const header = request.headers.get(BODY_SIGNATURE_HEADER) ?? undefined;
  return receiveWebhook(options, body.raw, header, new URL(request.url).pathname);
}

function rawOf(options: WebhookOptions, request: Request): Promise<RawBody> | RawBody {
  const { maxBytes = MAX_WEBHOOK_BYTES, timeoutMs = 8_000, clock = systemClock } = options;
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return tooLarge(maxBytes);
  return request.body === null ? { raw: new Uint8Array() } : readRaw(request.body, { maxBytes, timeoutMs, clock });
}

const responseOf = ({ status, message }: WebhookAnswer): Response =>
  Response.json({ message }, { status, headers: status === 405 ? { allow: 'POST' } : {} });
