import { randomFillSync } from 'node:crypto';

/** A number in [0, 1), as `Math.random`; passed in, so that a seed can replay a run. */
export type Random = () => number;

/** Drawn a thousand at a time: each call to the system costs as much as a thousand numbers. */
const pool = Buffer.alloc(6_000);
let drawn = pool.length;

/** Unpredictable numbers for production use. */
export const systemRandom: Random = () => {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  const value = pool.readUIntBE(drawn, 6) / 2 ** 48;
  drawn += 6;
  return value;
};

/** The same numbers for the same seed, for ever (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
