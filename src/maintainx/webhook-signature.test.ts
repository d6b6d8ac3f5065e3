import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSignature, TOLERANCE_MS } from './webhook-signature.ts';

/** The vector of FACTS 1.1, made with two other implementations. */
const SECRET = 'mx_11111111-2222-4333-8444-555555555555_66666666-7777-4888-9999-aaaaaaaaaaaa';
const T = '1789390999';
const BODY =
  '{"eventType":"NEW_WORK_ORDER","occurredAt":"2026-09-14T13:03:18.971Z","orgId":1,"workOrderId":42,"customerId":null,"userId":7}';
const V1 = '8c3f965c44ee22551ceaf3a9c37debaaeae3621323115f67f0ca9780b7dc7ec5';
const NOW = Number(T) * 1000;

const digest = (t: string, payload: string | Uint8Array, secret = SECRET): string =>
  createHmac('sha256', secret).update(`${t}.`).update(payload).digest('hex');
const headerOf = (t: string, payload: string | Uint8Array, secret = SECRET): string =>
  `t=${t},v1=${digest(t, payload, secret)}`;

const check = (header: string | undefined, payload: string | Uint8Array = BODY, now = NOW) =>
  checkSignature({ header, payload, secret: SECRET, now });
const failed = (...input: Parameters<typeof check>): string => {
  const result = check(...input);
  return result.valid ? 'valid' : result.failed;
};

describe('a signature', () => {
  it('fits the vector that others computed', () => {
    expect(check(`t=${T},v1=${V1}`)).toEqual({ valid: true, signedAt: NOW });
    expect(check(`t=${T},v1=${V1}`, Buffer.from(BODY))).toEqual({ valid: true, signedAt: NOW });
  });

  it('fits bytes that are no text', () => {
    const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x28]);
    expect(check(headerOf(T, bytes), bytes).valid).toBe(true);
  });

  it('fits an empty body', () => {
    expect(check(headerOf(T, ''), '').valid).toBe(true);
  });
});

describe('the signed time', () => {
  it('is seconds below 10^12 and milliseconds from there on', () => {
    expect(check(headerOf(T, BODY))).toEqual({ valid: true, signedAt: NOW });
    expect(check(headerOf(`${T}123`, BODY))).toEqual({ valid: true, signedAt: NOW + 123 });
  });

  it.each([
    ['299 s ago', -299, 'valid'],
    ['300 s ago', -300, 'valid'],
    ['301 s ago', -301, 'outside-time-window'],
    ['299 s ahead', 299, 'valid'],
    ['300 s ahead', 300, 'valid'],
    ['301 s ahead', 301, 'outside-time-window'],
  ])('%s: %s s is %s, in seconds as in milliseconds', (_when, seconds, outcome) => {
    const signed = Number(T) + seconds;
    expect(failed(headerOf(`${signed}`, BODY))).toBe(outcome);
    expect(failed(headerOf(`${signed}000`, BODY))).toBe(outcome);
  });

  it('of a stored delivery may be any, when the caller says so', () => {
    const input = { header: headerOf('1', BODY), payload: BODY, secret: SECRET, now: NOW };
    expect(checkSignature(input)).toMatchObject({ failed: 'outside-time-window' });
    expect(checkSignature({ ...input, toleranceMs: Infinity }).valid).toBe(true);
  });

  it('is signed as it was sent: the same moment in another unit is another signature', () => {
    expect(failed(`t=${T}000,v1=${V1}`)).toBe('digest-differs');
    expect(failed(`t=0${T},v1=${V1}`)).toBe('digest-differs');
  });

  it('is checked before the digest', () => {
    expect(failed(`t=1,v1=${V1}`)).toBe('outside-time-window');
    expect(TOLERANCE_MS).toBe(300_000);
  });
});

describe('a forgery', () => {
  it('is refused with any bit of the body flipped', () => {
    const header = `t=${T},v1=${V1}`;
    for (let bit = 0; bit < BODY.length * 8; bit++) {
      const bytes = Buffer.from(BODY);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(failed(header, bytes)).toBe('digest-differs');
    }
  });

  it('is refused with any bit of the digest flipped', () => {
    for (let bit = 0; bit < 256; bit++) {
      const bytes = Buffer.from(V1, 'hex');
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(failed(`t=${T},v1=${bytes.toString('hex')}`)).toBe('digest-differs');
    }
  });

  it('is refused with another secret, and with the body serialised anew', () => {
    expect(failed(headerOf(T, BODY, `${SECRET}x`))).toBe('digest-differs');
    const spaced = '{ "orgId": 1, "workOrderId": 42 }';
    expect(check(headerOf(T, spaced), spaced).valid).toBe(true);
    expect(failed(headerOf(T, spaced), JSON.stringify(JSON.parse(spaced)))).toBe('digest-differs');
  });

  it('is refused when bytes move between time and body', () => {
    expect(failed(`t=${T}1,v1=${digest(T, `1${BODY}`)}`, BODY, Number(`${T}1`) * 1000)).toBe('digest-differs');
  });
});

describe('the header', () => {
  it('may hold unknown keys, other schemes, and spaces after commas', () => {
    expect(check(`v0=abc,t=${T}, v1=${V1},key=7`).valid).toBe(true);
  });

  it.each(['v2=YWJj==', 'x', 'x=', '', '='])('may hold a part that nobody knows, in any form: %j', (part) => {
    expect(check(`t=${T},${part},v1=${V1}`).valid).toBe(true);
    expect(check(`t=${T},v1=${V1},${part}`).valid).toBe(true);
    expect(check(`t=${T},v1=${'0'.repeat(64)},${part}`).valid).toBe(false);
  });

  it('may hold several v1, of which one fits', () => {
    expect(check(`t=${T},v1=${'0'.repeat(64)},v1=${V1}`).valid).toBe(true);
    expect(check(`t=${T},v1=short,v1=${V1}`).valid).toBe(true);
    expect(failed(`t=${T},v1=${'0'.repeat(64)},v1=${'1'.repeat(64)}`)).toBe('digest-differs');
  });

  it('is missed by name', () => {
    expect(failed(undefined)).toBe('header-missing');
  });

  it.each([
    ['nothing', ''],
    ['no time', `v1=${V1}`],
    ['no digest', `t=${T}`],
    ['two times', `t=${T},t=${T},v1=${V1}`],
    ['two different times', `t=1,t=${T},v1=${V1}`],
    ['a time that is no number', `t=soon,v1=${V1}`],
    ['a negative time', `t=-${T},v1=${V1}`],
    ['a time with a fraction', `t=${T}.5,v1=${V1}`],
    ['a time of 16 digits', `t=1789390999123456,v1=${V1}`],
    ['a digest in upper case', `t=${T},v1=${V1.toUpperCase()}`],
    ['half a digest', `t=${T},v1=${V1.slice(0, 32)}`],
    ['a digest and more', `t=${T},v1=${V1}00`],
    ['only another scheme', `t=${T},v2=${V1}`],
    ['the digest alone', V1],
    ['a thousand characters and more', `t=${T},v1=${V1},x=${'y'.repeat(1_000)}`],
  ])('is refused with %s', (_what, header) => {
    expect(failed(header)).toBe('header-malformed');
  });

  it('never makes it throw, whatever it holds, nor lets anything through', () => {
    const parts = fc.array(fc.constantFrom('t=', 'v1=', ',', T, V1, '=', ' ', 'é', '\u0000', '9'.repeat(20)));
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      parts.map((some) => some.join('')),
    );
    fc.assert(
      fc.property(anything, fc.uint8Array(), (header, payload) => {
        expect(check(header, payload).valid).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it('fits whatever was signed, and only that', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), fc.integer({ min: -300, max: 300 }), (payload, secret, seconds) => {
        const t = `${Number(T) + seconds}`;
        const input = { header: headerOf(t, payload, secret), payload, now: NOW };
        expect(checkSignature({ ...input, secret }).valid).toBe(true);
        expect(checkSignature({ ...input, secret: `${secret}.` }).valid).toBe(false);
      }),
    );
  });
});
