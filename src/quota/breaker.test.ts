import { describe, expect, it } from 'vitest';
import { isCoded } from '../base/coded-error.ts';
import { raiseMaintainx, type Gate, type HttpResponse } from '../maintainx/index.ts';
import { admit, after, CLOSED, createBreaker, type BreakerState } from './breaker.ts';

const NOW = Date.UTC(2026, 8, 16, 12);
const half = (): number => 0.5;
const answer = (status: number): HttpResponse => ({ status, headers: {}, body: '' });

function failing(times: number, from: BreakerState = CLOSED): BreakerState {
  let state = from;
  for (let nth = 0; nth < times; nth++) state = after(state, 'down', NOW, half);
  return state;
}

describe('the breaker', () => {
  it('opens after five failures in a row, and not when one request in between went well', () => {
    expect(failing(4)).toEqual({ state: 'closed', failures: 4 });
    expect(failing(5)).toMatchObject({ state: 'open', opened: 1 });
    expect(failing(4, after(failing(4), 'answered', NOW, half))).toEqual({ state: 'closed', failures: 4 });
  });

  it('lets one request through when its pause is over, and nobody else until that is answered', () => {
    const open = failing(5);
    const retryAt = open.state === 'open' ? open.retryAt : 0;
    expect(retryAt).toBeGreaterThan(NOW);
    expect(admit(open, retryAt - 1)).toEqual({ state: open, retryAt });
    const probing = admit(open, retryAt);
    expect(probing).toEqual({ state: { state: 'half-open', opened: 1 }, retryAt: null });
    expect(admit(probing.state, retryAt + 5)).toEqual({ state: probing.state, retryAt: retryAt + 1_005 });
    expect(after(probing.state, 'answered', NOW, half)).toEqual(CLOSED);
  });

  it('pauses longer each time, up to a minute', () => {
    let state: BreakerState = failing(5);
    const pauses: number[] = [];
    for (let nth = 0; nth < 12; nth++) {
      const retryAt = state.state === 'open' ? state.retryAt : Number.NaN;
      pauses.push(retryAt - NOW);
      state = after(admit(state, retryAt).state, 'down', NOW, () => 0.999);
    }
    expect(pauses).toEqual([...pauses].sort((left, right) => left - right));
    expect(pauses[0]).toBeLessThan(3_000);
    expect(pauses.at(-1)).toBeLessThanOrEqual(60_000);
    expect(pauses.at(-1)).toBeGreaterThan(55_000);
  });
});

describe('a connection whose MaintainX is down', () => {
  const through: Gate = (_lane, send) => send();
  const signal = new AbortController().signal;

  it('is left alone, with the time when to come back; 4xx and 429 are answers', async () => {
    let now = NOW;
    const clock = { now: () => now, sleep: () => Promise.resolve() };
    const { gate, state } = createBreaker(through, { clock, random: half, signal });
    for (const status of [404, 429, 401, 404, 429, 400]) await gate('poll', () => Promise.resolve(answer(status)));
    expect(state()).toEqual(CLOSED);
    let asked = 0;
    const down = (): Promise<HttpResponse> => {
      asked++;
      return asked % 2 === 0
        ? Promise.resolve(answer(503))
        : Promise.reject(raiseMaintainx('maintainx-timeout', 'late'));
    };
    for (let nth = 0; nth < 5; nth++) await gate('poll', down).catch(() => undefined);
    expect(asked).toBe(5);
    const refused = await gate('person', down).catch((error: unknown) => error);
    expect(isCoded(refused, 'maintainx-unavailable') && refused.details['retryAt']).toBeGreaterThan(NOW);
    expect(asked).toBe(5);
    now += 60_000;
    await gate('poll', () => Promise.resolve(answer(200)));
    expect(state()).toEqual(CLOSED);
  });

  it('looks again at once when its probe was turned away before it was sent: that says nothing of MaintainX', async () => {
    let now = NOW;
    const clock = { now: () => now, sleep: () => Promise.resolve() };
    let isFull = false;
    const full: Gate = (_lane, send) => (isFull ? Promise.reject(new Error('the window is full')) : send());
    const { gate, state } = createBreaker(full, { clock, random: half, signal });
    for (let nth = 0; nth < 4; nth++) await gate('poll', () => Promise.resolve(answer(503)));
    isFull = true;
    await expect(gate('write', () => Promise.resolve(answer(200)))).rejects.toThrow('full');
    expect(state()).toEqual({ state: 'closed', failures: 4 });
    isFull = false;
    await gate('poll', () => Promise.resolve(answer(503)));
    now += 60_000;
    isFull = true;
    await expect(gate('write', () => Promise.resolve(answer(200)))).rejects.toThrow('full');
    expect(state()).toEqual({ state: 'open', opened: 1, retryAt: now });
    isFull = false;
    await gate('poll', () => Promise.resolve(answer(200)));
    expect(state()).toEqual(CLOSED);
  });

  it('lets no request out that waited for its place while it opened', async () => {
    const clock = { now: () => NOW, sleep: () => Promise.resolve() };
    const queue: (() => void)[] = [];
    const slow: Gate = async (_lane, send) => {
      await new Promise<void>((resolve) => void queue.push(resolve));
      return send();
    };
    const { gate } = createBreaker(slow, { clock, random: half, signal });
    let sent = 0;
    const all = Array.from({ length: 9 }, () =>
      gate('poll', () => {
        sent++;
        return Promise.resolve(answer(502));
      }).catch(() => undefined),
    );
    for (const go of queue) {
      go();
      await new Promise((resolve) => void setImmediate(resolve));
    }
    await Promise.all(all);
    expect(sent).toBe(5);
  });
});
