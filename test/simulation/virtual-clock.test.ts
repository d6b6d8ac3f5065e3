import { describe, expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock.ts';

const START = 1_000;

describe('virtual time', () => {
  it('passes only while everybody sleeps, from one sleeper to the next', async () => {
    const clock = new VirtualClock(START);
    const woken: string[] = [];
    const sleeper = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      // Work of several steps takes no time.
      for (let step = 0; step < 50; step++) await Promise.resolve();
      woken.push(`${name} ${clock.now() - START}`);
    };
    await clock.passUntil(Promise.all([sleeper('c', 30), sleeper('a', 10), sleeper('b', 20), sleeper('a2', 10)]));
    expect(woken).toEqual(['a 10', 'a2 10', 'b 20', 'c 30']);
  });

  it('stands still for what is outside of it', async () => {
    const clock = new VirtualClock(START);
    const outside = clock.outside(() => new Promise<number>((resolve) => setTimeout(() => resolve(clock.now()), 20)));
    let woke = 0;
    void clock.sleep(5).then(() => (woke = clock.now()));
    expect(await clock.passUntil(outside)).toBe(START);
    expect(woke).toBe(0);
  });

  it('wakes at once who is told to, and never twice', async () => {
    const clock = new VirtualClock(START);
    const stop = new AbortController();
    const slept = clock.sleep(1_000, stop.signal).then(() => clock.now());
    stop.abort();
    expect(await clock.passUntil(slept)).toBe(START);
    expect(await clock.passUntil(clock.sleep(7).then(() => clock.now()))).toBe(START + 7);
  });

  it('says so when everybody waits and nobody sleeps', async () => {
    const clock = new VirtualClock(START);
    await expect(clock.passUntil(new Promise(() => undefined))).rejects.toThrow('everybody waits');
  });
});
