import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endedWith,
  exchange,
  freshQuota,
  nextLane,
  perLane,
  planMinutes,
  resetMs,
  usedIn,
  WINDOW_MS,
  type Ask,
  type Ended,
  type QuotaRule,
  type QuotaState,
} from './quota.ts';

const NOW = Date.UTC(2026, 8, 16, 12);
const rule = (limit: number, share = 1): QuotaRule => ({ limit, windowMs: WINDOW_MS, share });
const GUARD = 2;

const ended = (endedAt: number, more: Partial<Ended> = {}): Ended => ({
  sentAt: endedAt - 10,
  endedAt,
  isLimited: false,
  ...more,
});
const told = (endedAt: number, limit: number, remaining: number, reset: number): Ended =>
  ended(endedAt, { limit, remaining, reset });

/** One holder's conversation with a window. */
function window(by = rule(3)) {
  let state = freshQuota(by);
  const say = (now: number, change: Partial<Ask> = {}) => {
    const result = exchange(state, by, { holder: 'a', ended: [], unused: 0, want: 0, ...change }, now);
    state = result.state;
    return result.grant;
  };
  return { say, state: (): QuotaState => state };
}

describe('a window', () => {
  it('gives its places out one slice after the other, and none beyond the limit', () => {
    const { say } = window();
    expect([say(NOW, { want: 9 }).places, say(NOW, { want: 9 }).places, say(NOW, { want: 9 }).places]).toEqual([
      1, 1, 1,
    ]);
    expect(say(NOW, { want: 9 })).toEqual({ places: 0, retryAt: NOW + 50 });
  });

  it('gives a place out again a whole window after its answer, not after its sending', () => {
    const { say } = window(rule(1));
    say(NOW, { want: 1 });
    expect(say(NOW + 5_000, { ended: [ended(NOW + 5_000)], want: 1 })).toEqual({
      places: 0,
      retryAt: NOW + 5_000 + WINDOW_MS + GUARD,
    });
    expect(say(NOW + 5_000 + WINDOW_MS, { want: 1 }).places).toBe(0);
    expect(say(NOW + 5_000 + WINDOW_MS + GUARD, { want: 1 }).places).toBe(1);
  });

  it('takes back what was not needed', () => {
    const { say } = window(rule(20));
    expect(say(NOW, { want: 1 }).places).toBe(1);
    say(NOW + 1, { unused: 1 });
    expect(usedIn(window(rule(20)).state(), NOW)).toBe(0);
    expect(say(NOW + 2, { want: 1 }).places).toBe(1);
  });

  it('is shared: what one holder has taken, another cannot', () => {
    const { say } = window(rule(2));
    say(NOW, { holder: 'a', want: 1 });
    say(NOW, { holder: 'b', want: 1 });
    expect(say(NOW, { holder: 'b', want: 1 }).places).toBe(0);
    expect(say(NOW + 9, { holder: 'a', ended: [ended(NOW + 9)] }).places).toBe(0);
  });

  it('counts the places of a holder that died as used when its time was up', () => {
    const { say } = window(rule(1));
    say(NOW, { holder: 'dead', want: 1 });
    expect(say(NOW + 59_999, { want: 1 }).places).toBe(0);
    expect(say(NOW + 60_000, { want: 1 }).places).toBe(0);
    expect(say(NOW + 60_000 + WINDOW_MS + GUARD, { want: 1 }).places).toBe(1);
  });

  it('is our share of the limit', () => {
    expect(window(rule(100, 0.6)).state().limit).toBe(60);
    expect(window(rule(1, 0.1)).state().limit).toBe(1);
  });
});

describe('headers', () => {
  it('tighten the limit, for a day, and never loosen it', () => {
    const { say, state } = window(rule(60, 0.5));
    say(NOW, { ended: [told(NOW, 40, 39, 60)] });
    expect(state().limit).toBe(20);
    say(NOW, { ended: [told(NOW, 500, 499, 60)] });
    expect(state().limit).toBe(20);
    say(NOW + 24 * 3_600_000 + 1);
    expect(state().limit).toBe(30);
  });

  it('close the window after 429 as long as they say and a second, a window when they say nothing', () => {
    const shut = (change: Partial<Ended>) => {
      const { say } = window(rule(9));
      return say(NOW, { ended: [ended(NOW, { isLimited: true, ...change })], want: 1 });
    };
    expect(shut({ reset: 10 })).toEqual({ places: 0, retryAt: NOW + 11_000 });
    for (const change of [{}, { reset: -5 }, { reset: 1_800_000_000 }])
      expect(shut(change)).toEqual({ places: 0, retryAt: NOW + WINDOW_MS + 1_000 });
  });

  it('of a lone user bind nothing: what is used up is what it used itself', () => {
    const { say, state } = window(rule(40));
    for (let nth = 1; nth <= 40; nth++) {
      expect(say(NOW + nth * 10, { want: 1 }).places).toBe(1);
      say(NOW + nth * 10 + 5, { ended: [told(NOW + nth * 10 + 5, 40, 40 - nth, 60)] });
    }
    expect([state().foreignUntil, state().cap]).toEqual([0, null]);
  });

  it('that tell of others let no more out than they leave, less what is under way, until that window ends', () => {
    const { say, state } = window(rule(100));
    say(NOW, { want: 1 });
    const first = say(NOW + 10, { ended: [told(NOW + 10, 100, 4, 20)], want: 5 });
    expect(first.places).toBe(3);
    expect(state().foreignUntil).toBe(NOW + 10 + 10 * WINDOW_MS);
    expect(say(NOW + 30, { ended: [told(NOW + 30, 100, 2, 20), told(NOW + 30, 100, 1, 20)], want: 5 }).places).toBe(0);
    const last = say(NOW + 40, { ended: [told(NOW + 40, 100, 0, 20)], want: 5 });
    expect(last).toEqual({ places: 0, retryAt: NOW + 20_010 });
    // In the next window one request finds out what the others left.
    expect(say(NOW + 20_011, { want: 5 }).places).toBe(1);
    expect(say(NOW + 20_012, { want: 5 })).toEqual({ places: 0, retryAt: NOW + 20_062 });
    expect(say(NOW + 20_030, { ended: [told(NOW + 20_030, 100, 60, 60)], want: 5 }).places).toBe(5);
  });

  it('never loosen anything, whatever they hold', () => {
    const text = fc.oneof(fc.string(), fc.double().map(String), fc.integer({ min: -3, max: 200 }).map(String));
    const answers = fc.array(fc.tuple(fc.constantFrom(200, 429, 500), text, text, text), { maxLength: 6 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), answers, (limit, given) => {
        const { say, state } = window(rule(limit));
        for (const [status, most, remaining, reset] of given) {
          const headers = {
            'x-rate-limit-limit': most,
            'x-rate-limit-remaining': remaining,
            'x-rate-limit-reset': reset,
          };
          const closed = state().closedUntil;
          say(NOW, { ended: [endedWith({ status, headers, body: '' }, NOW - 1, NOW)] });
          expect(state().closedUntil).toBeGreaterThanOrEqual(closed);
          expect(state().closedUntil).toBeLessThanOrEqual(NOW + WINDOW_MS + 1_000);
          expect(Number.isInteger(state().limit) && state().limit >= 1 && state().limit <= limit).toBe(true);
        }
        expect(say(NOW, { want: 500 }).retryAt).toBeLessThanOrEqual(NOW + WINDOW_MS + 1_000);
      }),
    );
  });

  it.each([
    [30, 30_000],
    [0, 0],
    [1_800_000_000, WINDOW_MS],
    [-5, WINDOW_MS],
    [undefined, WINDOW_MS],
  ])('with a Reset of %s name an end in %s ms: never later than a window', (reset, expected) => {
    expect(resetMs(reset)).toBe(expected);
  });
});

describe('the next lane', () => {
  const lanes = (change = {}) => ({ ...perLane(() => 0), ...change });

  it('is the most urgent one that waits; none when nobody does', () => {
    expect(nextLane(lanes({ sweep: 3, poll: 1 }), lanes({ poll: 50, sweep: 50 }), 100, false)?.lane).toBe('poll');
    expect(nextLane(lanes({ sweep: 3, person: 1 }), lanes({ sweep: 50 }), 100, false)?.lane).toBe('person');
    expect(nextLane(lanes(), lanes(), 100, false)).toBeUndefined();
  });

  it('is one that had less than its minimum, but never twice before somebody more urgent', () => {
    const waiting = lanes({ person: 9, sweep: 9 });
    expect(nextLane(waiting, lanes({ sweep: 4 }), 100, false)).toEqual({ lane: 'sweep', isMinimum: true });
    expect(nextLane(waiting, lanes({ sweep: 4 }), 100, true)).toEqual({ lane: 'person', isMinimum: false });
    expect(nextLane(waiting, lanes({ sweep: 5 }), 100, false)).toEqual({ lane: 'person', isMinimum: false });
  });
});

describe('the plan of the next minutes', () => {
  const demand = { ...perLane(() => 0), person: 5, hydrate: 300, sweep: 1_000 };

  it('gives urgent lanes what they want, each lane its minimum, and no more than the limit', () => {
    const { say, state } = window(rule(100));
    say(NOW, { want: 5 });
    const plan = planMinutes(state(), demand, NOW, 4);
    expect(plan.map((one) => Object.values(one.requests).reduce((sum, count) => sum + count, 0))).toEqual([
      95, 100, 100, 100,
    ]);
    expect(plan[0]?.requests).toMatchObject({ person: 5, hydrate: 85, sweep: 5 });
    expect(plan.map((one) => one.requests.hydrate)).toEqual([85, 95, 95, 25]);
    expect(plan[3]?.requests.sweep).toBe(75);
  });

  it('sends nothing while the window is closed', () => {
    const { say, state } = window(rule(100));
    say(NOW, { ended: [ended(NOW, { isLimited: true, reset: 29 })] });
    expect(planMinutes(state(), demand, NOW, 1)[0]?.requests.sweep).toBeLessThan(6);
  });
});
