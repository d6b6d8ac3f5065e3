import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../base/clock.ts';
import type { HttpResponse, QuotaLane } from '../maintainx/index.ts';
import { createGovernor, type Governor } from './governor.ts';

const MINUTE = 60_000;

/** A clock that stands still until it is moved; sleepers wake in the order of their times. */
class VirtualClock implements Clock {
  #now = Date.UTC(2026, 8, 16, 12);
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  readonly now = (): number => this.#now;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const sleeper = {
        at: this.#now + ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', sleeper.wake, { once: true });
    });

  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await settled();
      const next = [...this.#sleepers].sort((left, right) => left.at - right.at)[0];
      if (next === undefined || next.at > until) break;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = until;
    await settled();
  }
}

/** When everything that can go on without time passing has done so. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const OK: HttpResponse = { status: 200, headers: {}, body: '' };

function start(requestsPerMinute: number) {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const governor = createGovernor({ requestsPerMinute, clock, signal: stop.signal });
  const sent: { readonly name: string; readonly at: number }[] = [];
  const send = (name: string, lane: QuotaLane = 'poll', answer = OK): Promise<HttpResponse> =>
    governor.gate(lane, () => {
      sent.push({ name, at: clock.now() });
      return Promise.resolve(answer);
    });
  return { clock, stop, governor, sent, send, names: () => sent.map((one) => one.name) };
}

const outcomeOf = (request: Promise<unknown>): Promise<string> =>
  request.then(
    () => 'sent',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe('the governor', () => {
  it('lets the limit through at once and the rest as the window moves', async () => {
    const { clock, sent, send, governor } = start(3);
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => send(name));
    await clock.pass(0);
    expect(governor.use()).toEqual({ used: 3, limit: 3, waiting: 2 });
    await clock.pass(MINUTE - 1);
    expect(sent).toHaveLength(3);
    await clock.pass(1);
    expect(sent).toHaveLength(5);
    await Promise.all(all);
    expect(governor.use()).toEqual({ used: 2, limit: 3, waiting: 0 });
  });

  it('never sends more than the limit in any minute, whatever comes when', async () => {
    const bursts = fc.array(fc.tuple(fc.nat(30_000), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), bursts, async (limit, given) => {
        const { clock, sent, send } = start(limit);
        const all: Promise<unknown>[] = [];
        for (const [gap, count] of given) {
          await clock.pass(gap);
          for (let nth = 0; nth < count; nth++) all.push(send('x'));
        }
        await clock.pass(MINUTE * (1 + all.length / limit));
        await Promise.all(all);
        const times = sent.map((one) => one.at);
        for (const from of times)
          expect(times.filter((time) => time >= from && time < from + MINUTE).length).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 60 },
    );
  });

  it('lets the most urgent lane go first, and within a lane who came first', async () => {
    const { clock, send, names } = start(1);
    const lanes: readonly QuotaLane[] = ['poll', 'sweep', 'hydrate', 'sweep', 'person', 'poll', 'person'];
    const all = lanes.map((lane, index) => send(`${lane} ${index}`, lane));
    await clock.pass(MINUTE * 8);
    await Promise.all(all);
    expect(names()).toEqual([
      'poll 0', // nobody else was waiting yet
      'person 4',
      'person 6',
      'hydrate 2',
      'poll 5',
      'sweep 1',
      'sweep 3',
    ]);
  });

  it('lets a person go before all that waited already', async () => {
    const { clock, send, names } = start(1);
    const all = [send('poll 1'), send('poll 2')];
    await clock.pass(MINUTE / 2);
    all.push(send('person', 'person'));
    await clock.pass(MINUTE * 3);
    await Promise.all(all);
    expect(names()).toEqual(['poll 1', 'person', 'poll 2']);
  });

  it('sends nothing after 429 until the window that it names has ended', async () => {
    const { clock, send, names } = start(10);
    await send('limited', 'poll', { status: 429, headers: { 'x-rate-limit-reset': '20' }, body: '' });
    const next = send('next', 'person');
    await clock.pass(20_000);
    expect(names()).toEqual(['limited']);
    await clock.pass(1_000);
    await next;
    expect(names()).toEqual(['limited', 'next']);
  });

  it('believes a smaller limit of the headers and no larger one', async () => {
    const { send, governor } = start(10);
    await send('a', 'poll', { ...OK, headers: { 'x-rate-limit-limit': '4' } });
    expect(governor.use().limit).toBe(4);
    await send('b', 'poll', { ...OK, headers: { 'x-rate-limit-limit': '100' } });
    expect(governor.use().limit).toBe(4);
  });

  it('counts a request that failed: it may have reached MaintainX', async () => {
    const { governor } = start(10);
    const failed = governor.gate('poll', () => Promise.reject(new Error('reset')));
    await expect(failed).rejects.toThrow('reset');
    expect(governor.use().used).toBe(1);
  });
});

describe('a governor that is stopped', () => {
  it('turns away who waits and whoever comes after, and sends nothing more', async () => {
    const { clock, stop, send, names } = start(1);
    await send('first');
    const waiting = [outcomeOf(send('second')), outcomeOf(send('third', 'person'))];
    await clock.pass(10);
    stop.abort();
    expect(await Promise.all(waiting)).toEqual(['the process is stopping', 'the process is stopping']);
    expect(await outcomeOf(send('late', 'person'))).toBe('the process is stopping');
    await clock.pass(MINUTE * 2);
    expect(names()).toEqual(['first']);
  });

  it('has nobody waiting', async () => {
    const { clock, stop, send, governor } = start(1);
    const all = [outcomeOf(send('a')), outcomeOf(send('b'))];
    await clock.pass(1);
    stop.abort();
    await Promise.all(all);
    expect((governor satisfies Governor).use().waiting).toBe(0);
  });
});
