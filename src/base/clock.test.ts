import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from './clock.ts';

describe('the machine’s clock', () => {
  it('tells epoch milliseconds', () => {
    const before = Date.now();
    const told = systemClock.now();
    expect(told).toBeGreaterThanOrEqual(before);
    expect(told).toBeLessThanOrEqual(Date.now());
  });
});

describe('sleep', () => {
  afterEach(() => vi.useRealTimers());

  /** Whether a sleep has ended, after whatever is due now was done. */
  async function hasEnded(sleep: Promise<void>): Promise<boolean> {
    let ended = false;
    void sleep.then(() => (ended = true));
    await Promise.resolve();
    await Promise.resolve();
    return ended;
  }

  it('ends after its time and not before', async () => {
    vi.useFakeTimers();
    const sleep = systemClock.sleep(1_000);
    await vi.advanceTimersByTimeAsync(999);
    expect(await hasEnded(sleep)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await hasEnded(sleep)).toBe(true);
  });

  it('ends at once when it is aborted, without an error, and leaves no timer behind', async () => {
    vi.useFakeTimers();
    const abort = new AbortController();
    const sleep = systemClock.sleep(1_000, abort.signal);
    expect(await hasEnded(sleep)).toBe(false);
    abort.abort();
    expect(await hasEnded(sleep)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not begin when it was aborted before', async () => {
    vi.useFakeTimers();
    expect(await hasEnded(systemClock.sleep(1_000, AbortSignal.abort()))).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not end at once when it is longer than a timer can be', async () => {
    const abort = new AbortController();
    let ended = false;
    const sleep = systemClock.sleep(1e15, abort.signal).then(() => (ended = true));
    await systemClock.sleep(20);
    expect(ended).toBe(false);
    abort.abort();
    await sleep;
  });
});
