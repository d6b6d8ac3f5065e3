import { expect, it } from 'vitest';
import { durationFrom } from './amounts.ts';

it('takes lengths of time with a unit, and nothing else', () => {
  expect(['90s', '30m', '1.5h', '2d'].map(durationFrom)).toEqual([90_000, 1_800_000, 5_400_000, 172_800_000]);
  for (const text of ['2', 'h', '-1h', '0h', '2 h', '1w']) expect(() => durationFrom(text)).toThrow('such as 30m');
});
