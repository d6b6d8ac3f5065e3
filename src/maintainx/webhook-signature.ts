import { createHmac, timingSafeEqual } from 'node:crypto';

export const BODY_SIGNATURE_HEADER = 'x-maintainx-webhook-body-signature';
export const URI_SIGNATURE_HEADER = 'x-maintainx-webhook-uri-signature';

/** How far the signed time may be from ours, either way (FACTS 1.1). */
export const TOLERANCE_MS = 5 * 60_000;

/** The steps of a check, in order. */
export type SignatureStep = 'header-missing' | 'header-malformed' | 'outside-time-window' | 'digest-differs';

export type SignatureCheck =
  | { readonly valid: true; readonly signedAt: number }
  | { readonly valid: false; readonly failed: SignatureStep; readonly explanation: string };

export interface SignatureInput {
  /** Value of the signature header, `t=…,v1=…`. */
  readonly header: string | undefined;
  /** The raw bytes of the body, or the full URI. */
  readonly payload: Uint8Array | string;
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Replays of stored deliveries pass Infinity. */
  readonly toleranceMs?: number;
}

/**
 * Checks one signature of a MaintainX webhook: HMAC-SHA256 with the subscription's secret over `<t>.<payload>`, `t` as
 * it was sent. Never throws, whatever the header holds. Source: FACTS 1.1.
 */
export function checkSignature(input: SignatureInput): SignatureCheck {
  if (input.header === undefined) return refused('header-missing', 'there is no signature header');
  const parts = parseHeader(input.header);
  if (parts === undefined)
    return refused('header-malformed', 'the header must hold one t=<digits> and a v1=<64 hex digits>');
  const signedAt = timeOf(parts.t);
  const distance = Math.abs(input.now - signedAt);
  const tolerance = input.toleranceMs ?? TOLERANCE_MS;
  if (!(distance <= tolerance))
    return refused(
      'outside-time-window',
      `signed ${Math.round(distance / 1000)} s from now; at most ${tolerance / 1000} s are allowed`,
    );
  // As text: a digest of bytes of its own memory costs a third more.
  const digest = createHmac('sha256', input.secret).update(`${parts.t}.`).update(input.payload).digest('hex');
  const expected = Buffer.from(digest);
  const matches = parts.v1.some((given) => timingSafeEqual(Buffer.from(given), expected));
  if (!matches)
    return refused(
      'digest-differs',
      'the digest differs: another secret, or the body is not byte for byte the one that was signed',
    );
  return { valid: true, signedAt };
}

const refused = (failed: SignatureStep, explanation: string): SignatureCheck => ({ valid: false, failed, explanation });

/** As MaintainX sends it today; what follows reads any form that the header may have. */
const PLAIN = /^t=(\d{1,15}),v1=([0-9a-f]{64})$/;

/** What is no `t` or `v1` is ignored, whatever it holds (FACTS 1.1); a second `t` is refused: which one was signed? */
function parseHeader(header: string): { readonly t: string; readonly v1: readonly string[] } | undefined {
  const [, plainT, plainV1] = PLAIN.exec(header) ?? [];
  if (plainT !== undefined && plainV1 !== undefined) return { t: plainT, v1: [plainV1] };
  if (header.length > 1000) return undefined;
  const parts = header.split(',').map((part) => part.trim());
  const valuesOf = (key: string): string[] =>
    parts.filter((part) => part.startsWith(`${key}=`)).map((part) => part.slice(key.length + 1));
  const times = valuesOf('t');
  const t = times[0];
  const v1 = valuesOf('v1').filter((value) => /^[0-9a-f]{64}$/.test(value));
  if (times.length !== 1 || t === undefined || !/^\d{1,15}$/.test(t) || v1.length === 0) return undefined;
  return { t, v1 };
}

/** The unit of `t` is not documented: from 10^12 on it is milliseconds, below seconds (FACTS 1.1). */
function timeOf(t: string): number {
  const value = Number(t);
  return value >= 1e12 ? value : value * 1000;
}
