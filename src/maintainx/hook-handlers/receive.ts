import { systemClock, type Clock } from '../../base/clock.ts';
import { sha256 } from '../../base/hash.ts';
import { objectOf, parseJson, type Json } from '../../base/json.ts';
import { Secret } from '../../base/secret.ts';
import { isHookEvent, type HookEvent } from '../catalogue/index.ts';
import { checkSignature, TOLERANCE_MS, type SignatureCheck } from '../webhook-signature.ts';

/** One secret, or several that are all accepted: while one replaces another, or when subscriptions share an address. */
export type WebhookSecrets = string | Secret | readonly (string | Secret)[];

/** A webhook whose signature fits. */
export interface WebhookDelivery {
  /** The body, byte for byte as it was signed. */
  readonly raw: Uint8Array;
  /** The body parsed. Its keys are those of the event (FACTS 1.3). */
  readonly body: Json;
  /** As the body tells it; null when it does not: not every delivery carries `eventType` (FACTS 1.3). */
  readonly eventType: HookEvent | null;
  /** When it was signed, epoch milliseconds. */
  readonly timestamp: number;
  /** The same for the same bytes at the same path: MaintainX sends no delivery id, so this tells repeats apart. */
  readonly fingerprint: string;
  /** The path that it was sent to, e.g. `/hooks/new-work-orders`: it may tell the subscription. */
  readonly path: string;
}

export interface WebhookOptions {
  /**
   * The secrets of the subscriptions, or how to find them by the path: each subscription has a secret of its own
   * (FACTS 1.1). Nothing found: the delivery is refused.
   */
  readonly secrets:
    WebhookSecrets | ((path: string) => WebhookSecrets | undefined | Promise<WebhookSecrets | undefined>);
  /**
   * Takes the delivery; MaintainX is answered once this is done, within 10 seconds (FACTS 1.2). Keep it, and do the work
   * later. When it throws, MaintainX is told 503.
   */
  readonly onDelivery: (delivery: WebhookDelivery) => unknown;
  /** Told what `secrets` or `onDelivery` threw. */
  readonly onError?: (error: unknown) => unknown;
  /** How far the signed time may be from ours, either way; default five minutes. */
  readonly toleranceMs?: number;
  /** Largest body; default 1 MiB. */
  readonly maxBytes?: number;
  /** How long a body may take to arrive; default 8 seconds. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/** What MaintainX is answered. */
export interface WebhookAnswer {
  readonly status: 202 | 400 | 401 | 405 | 408 | 413 | 500 | 503;
  readonly message: string;
}

export const MAX_WEBHOOK_BYTES = 1024 * 1024;

export const answered = (status: WebhookAnswer['status'], message: string): WebhookAnswer => ({ status, message });

/** The path of a request's target, as it stands there. */
export const pathIn = (target = '/'): string => target.split('?')[0] ?? '/';

/** Checks a webhook and hands it over. Never throws. */
export async function receiveWebhook(
  options: WebhookOptions,
  raw: Uint8Array,
  header: string | undefined,
  path: string,
): Promise<WebhookAnswer> {
  try {
    const check = await checkWith(options, raw, header, path);
    if (!check.valid) return answered(401, `${check.failed}: ${check.explanation}`);
    const parsed = parseJson(new TextDecoder().decode(raw));
    if ('refused' in parsed) return answered(400, `the body is ${parsed.refused}`);
    await options.onDelivery(deliveryOf(raw, parsed.value, check.signedAt, path));
    return answered(202, 'taken');
  } catch (error) {
    void report(options, error);
    return answered(503, 'the delivery could not be taken');
  }
}

async function checkWith(
  options: WebhookOptions,
  payload: Uint8Array,
  header: string | undefined,
  path: string,
): Promise<SignatureCheck> {
  const secrets = typeof options.secrets === 'function' ? await options.secrets(path) : options.secrets;
  const now = (options.clock ?? systemClock).now();
  const toleranceMs = options.toleranceMs ?? TOLERANCE_MS;
  const checks = listOf(secrets).map((secret) => checkSignature({ header, payload, secret, now, toleranceMs }));
  return checks.find((check) => check.valid) ?? checks[0] ?? NO_SECRET;
}

const NO_SECRET: SignatureCheck = { valid: false, failed: 'digest-differs', explanation: 'no secret is known here' };

/** An empty secret would accept what anybody signs; one that is missing must not hide the others. */
const listOf = (secrets: WebhookSecrets | undefined): readonly string[] =>
  [secrets ?? []]
    .flat()
    .map((one: unknown) => (one instanceof Secret ? one.reveal() : one))
    .filter((one): one is string => typeof one === 'string' && one !== '');

function deliveryOf(raw: Uint8Array, body: Json, timestamp: number, path: string): WebhookDelivery {
  const told = objectOf(body)['eventType'];
  const eventType = typeof told === 'string' && isHookEvent(told) ? told : null;
  return { raw, body, eventType, timestamp, path, fingerprint: sha256(path, raw).toString('hex') };
}

/** A reporter that fails, at once or later, changes no answer and ends no process. */
async function report({ onError }: WebhookOptions, error: unknown): Promise<void> {
  try {
    await onError?.(error);
  } catch {
    // Nobody is left to tell.
  }
}
