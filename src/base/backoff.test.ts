import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backoff } from './backoff.ts';
import { seededRandom } from './random.ts';

const someRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it('waits at least nothing and less than the least of cap and base · 2^attempt', () => {
  const attempts = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(attempts, someRandom, (attempt, chance) => {
      const wait = backoff(attempt, () => chance, 500, 60_000);
      expect(Number.isInteger(wait)).toBe(true);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThan(Math.min(60_000, 500 * 2 ** Math.min(attempt, 30)));
    }),
  );
});

it('doubles what it may wait with each attempt, up to the cap', () => {
  const longest = [0, 1, 2, 3, 10].map((attempt) => backoff(attempt, () => 0.999_999, 100, 1_000));
  expect(longest).toEqual([99, 199, 399, 799, 999]);
});

it('spreads over the whole range, so that many who failed together do not come back together', () => {
  const random = seededRandom(7);
  const waits = Array.from({ length: 2_000 }, () => backoff(3, random, 100, 60_000));
  const tenths = new Set(waits.map((wait) => Math.floor(wait / 80)));
  expect(tenths.size).toBe(10);
});
