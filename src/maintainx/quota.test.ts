import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterAnswer, afterSend, freshQuota, usedIn, waitMs, WINDOW_MS, type QuotaState } from './quota.ts';

const NOW = Date.UTC(2026, 8, 16, 12);

const answer = (status: number, headers: Readonly<Record<string, string>> = {}) => ({ status, headers, body: '' });
const rate = (limit: string, remaining: string, reset: string) => ({
  'x-rate-limit-limit': limit,
  'x-rate-limit-remaining': remaining,
  'x-rate-limit-reset': reset,
});

/** The quota after `count` requests sent at `now`. */
function after(count: number, state: QuotaState, now = NOW): QuotaState {
  return count === 0 ? state : after(count - 1, afterSend(state, now), now);
}

/** Most sends in any window of a minute. */
const mostInAWindow = (sent: readonly number[]): number =>
  Math.max(0, ...sent.map((from) => sent.filter((time) => time >= from && time < from + WINDOW_MS).length));

describe('the window', () => {
  it('lets the limit through at once, and the next one when the first leaves the window', () => {
    const full = after(3, freshQuota(3));
    expect(waitMs(after(2, freshQuota(3)), NOW)).toBe(0);
    expect(waitMs(full, NOW + 10)).toBe(WINDOW_MS - 10);
    expect(waitMs(full, NOW + WINDOW_MS)).toBe(0);
    expect([usedIn(full, NOW + WINDOW_MS - 1), usedIn(full, NOW + WINDOW_MS)]).toEqual([3, 0]);
  });

  it('never holds more than the limit, whenever it begins, however requests come', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), pauses, (limit, gaps) => {
        let [state, now] = [freshQuota(limit), NOW];
        const sent: number[] = [];
        for (const gap of gaps) {
          now += gap;
          now += waitMs(state, now);
          expect(waitMs(state, now)).toBe(0);
          state = afterSend(state, now);
          sent.push(now);
        }
        expect(mostInAWindow(sent)).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('is used to the full: who may send, waits no longer than for the oldest to leave', () => {
    const full = afterSend(after(1, freshQuota(2)), NOW + 20_000);
    expect(waitMs(full, NOW + 30_000)).toBe(30_000);
  });
});

describe('the headers', () => {
  it('tighten the limit and never loosen it', () => {
    const tightened = afterAnswer(freshQuota(60), answer(200, rate('40', '39', '10')), NOW);
    expect(tightened.limit).toBe(40);
    expect(afterAnswer(tightened, answer(200, rate('500', '499', '10')), NOW).limit).toBe(40);
  });

  it('hold back what was sent already when the limit becomes smaller', () => {
    const sent = after(10, freshQuota(10));
    const tightened = afterAnswer(sent, answer(200, rate('4', '1', '10')), NOW);
    expect(waitMs(tightened, NOW + 1)).toBe(WINDOW_MS - 1);
  });

  it('close the gate until the window’s end when nothing remains', () => {
    const closed = afterAnswer(freshQuota(60), answer(200, rate('60', '0', '7')), NOW);
    expect(waitMs(closed, NOW)).toBe(8_000);
    expect(waitMs(afterAnswer(closed, answer(200, rate('60', '0', '2')), NOW), NOW)).toBe(8_000);
  });

  it('close it after 429 in any case: as long as they say, a minute when they say nothing', () => {
    const wait = (headers = {}) => waitMs(afterAnswer(freshQuota(60), answer(429, headers), NOW), NOW);
    expect(wait({ 'x-rate-limit-reset': '10' })).toBe(11_000);
    for (const nothing of ['', ' ', 'soon', 'NaN', 'Infinity'])
      expect(wait({ 'x-rate-limit-reset': nothing })).toBe(61_000);
    expect(wait()).toBe(61_000);
    expect(wait({ 'x-rate-limit-reset': '-30' })).toBeGreaterThan(0);
  });

  it('never loosen anything, whatever they hold', () => {
    const text = fc.oneof(fc.string(), fc.double().map(String), fc.integer({ min: -3, max: 200 }).map(String));
    const answers = fc.array(fc.tuple(fc.constantFrom(200, 429, 500), text, text, text), { maxLength: 6 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(100), answers, (limit, count, given) => {
        let state = after(Math.min(count, limit), freshQuota(limit));
        for (const [status, ...headers] of given) {
          const before = waitMs(state, NOW);
          state = afterAnswer(state, answer(status, rate(...headers)), NOW);
          expect(waitMs(state, NOW)).toBeGreaterThanOrEqual(before);
          expect(state.limit).toBeLessThanOrEqual(limit);
          expect(Number.isInteger(state.limit) && state.limit >= 1).toBe(true);
        }
        // However tight it got, a window never takes more than the limit that was configured.
        if (state.closedUntil > NOW) return;
        const sent = after(state.limit, state);
        expect(waitMs(sent, NOW)).toBeGreaterThan(0);
      }),
    );
  });
});

describe('a Reset header', () => {
  it.each([
    [30, 31_000],
    [0, 1_000],
    [1_800_000_000, 61_000],
    [-5, 61_000],
  ])('of %s closes the lane for %s ms: never for longer than a window', (reset, expected) => {
    const limited = answer(429, { 'x-rate-limit-reset': String(reset) });
    expect(waitMs(afterAnswer(freshQuota(100), limited, 5_000), 5_000)).toBe(expected);
  });
});
