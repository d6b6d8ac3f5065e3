import { createHmac } from 'node:crypto';
import { isObject } from '../../src/base/json.ts';
import { isGood, jsonIn, type Exchange } from './exchange.ts';
import type { Judge, Verdict } from './judge.ts';

interface Subscribed {
  readonly type: string;
  readonly secret: string | undefined;
}

/** Which event type was subscribed to which URL, and with which secret, as the exchanges with the API tell. */
export function subscriptionsIn(exchanges: readonly Exchange[]): ReadonlyMap<string, readonly Subscribed[]> {
  const found = new Map<string, readonly Subscribed[]>();
  for (const exchange of exchanges) {
    if (exchange.method !== 'POST' || !/\/subscriptions(\?|$)/.test(exchange.target) || !isGood(exchange)) continue;
    const [asked, answer] = [jsonIn(exchange.requestBody), jsonIn(exchange.answerBody)];
    if (!isObject(asked) || typeof asked['url'] !== 'string' || typeof asked['type'] !== 'string') continue;
    const secret = isObject(answer) && typeof answer['secret'] === 'string' ? answer['secret'] : undefined;
    const path = new URL(asked['url']).pathname;
    found.set(path, [...(found.get(path) ?? []), { type: asked['type'], secret }]);
  }
  return found;
}

/**
 * Judges deliveries of which the type is known: where several types go to one URL, or a subscription was changed
 * afterwards, the URL does not tell it. The signature must be there, and right.
 */
export function judgeDelivery(
  judge: Judge,
  subscriptions: ReadonlyMap<string, readonly Subscribed[]>,
  delivery: Exchange,
): { readonly type: string; readonly verdict: Verdict } | undefined {
  const candidates = subscriptions.get(new URL(delivery.target, 'http://receiver').pathname) ?? [];
  const [only] = candidates;
  if (only === undefined || candidates.length > 1) return undefined;
  const verdict = judge.delivery(only.type, delivery.requestBody);
  const complaint = signatureComplaint(delivery, only.secret);
  if (complaint === undefined) return { type: only.type, verdict };
  const operation = `webhook ${only.type}`;
  const violation = {
    operation,
    side: 'delivery' as const,
    path: 'x-maintainx-webhook-body-signature',
    message: complaint,
  };
  return { type: only.type, verdict: { ...verdict, violations: [...verdict.violations, violation] } };
}

/** `t=<timestamp>,v1=<hex>` over `<t>.<raw body>` (FACTS 1.1). */
function signatureComplaint({ requestHeaders, requestBody }: Exchange, secret: string | undefined): string | undefined {
  const header = requestHeaders['x-maintainx-webhook-body-signature'];
  if (typeof header !== 'string') return 'is missing';
  const [, time, given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  if (time === undefined) return `is not t=…,v1=…: ${header.slice(0, 40)}`;
  if (secret === undefined) return undefined;
  const right = createHmac('sha256', secret).update(`${time}.`).update(requestBody).digest('hex');
  return given === right ? undefined : 'is not of this body and secret';
}
