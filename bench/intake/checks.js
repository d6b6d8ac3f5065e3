import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Hook key → tenant, subscription, event type and secret: in memory, so that both sides pay for nothing but the request. */
export const targets = new Map(Object.entries(JSON.parse(readFileSync(process.env.TARGETS, 'utf8'))));

const WINDOW_MS = 300_000;

/** The same checks as Millwright's: known key, signature over the raw bytes, time window, constant time. */
export function check(hookKey, header, body) {
  const target = targets.get(hookKey);
  if (target === undefined) return { status: 404 };
  const match = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header ?? '');
  if (match === null) return { status: 401 };
  const [, t, given] = match;
  const signedAt = Number(t) * 1000;
  if (Math.abs(Date.now() - signedAt) > WINDOW_MS) return { status: 401 };
  const digest = createHmac('sha256', target.secret).update(`${t}.`).update(body).digest();
  if (!timingSafeEqual(digest, Buffer.from(given, 'hex'))) return { status: 401 };
  return { status: 202, target, signedAt };
}
