import { expect, it } from 'vitest';
import { durationInWords, rateInWords, shareInWords } from './amounts.ts';

it.each([
  [45_000, '45 seconds'],
  [180_000, '3 minutes'],
  [11_520_000, '3.2 hours'],
  [216_000_000, '2.5 days'],
  [7_200_000, '2 hours'],
])('%i ms are %s', (ms, words) => {
  expect(durationInWords(ms)).toBe(words);
});

it.each([
  [0, '0'],
  [0.01, 'under 0.1'],
  [0.42, '0.4'],
  [11.6, '12'],
  [1340.2, '1340'],
])('a rate of %d is told as %s', (rate, words) => {
  expect(rateInWords(rate)).toBe(words);
});

it('tells a share in percent', () => {
  expect([shareInWords(0.25), shareInWords(0.0042), shareInWords(0.0001)]).toEqual(['25 %', '0.4 %', 'under 0.1 %']);
});
