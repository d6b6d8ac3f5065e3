import { expect, it } from 'vitest';
import { createStrangers } from './strangers.ts';

it('who comes with wrong tokens again and again is not looked at for the rest of the minute, and others are', () => {
  const clock = { at: 600_000 };
  const strangers = createStrangers(() => clock.at);
  strangers.vouchFor('a good one');
  for (let times = 0; times < 300; times++) {
    expect(strangers.isTiresome('10.0.0.1', `wrong ${times}`)).toBe(false);
    strangers.note('10.0.0.1');
  }
  expect(strangers.isTiresome('10.0.0.1', 'wrong')).toBe(true);
  expect(strangers.isTiresome('10.0.0.1', undefined)).toBe(true);
  // Behind one proxy all have one address: who was known goes in and out as before.
  expect(strangers.isTiresome('10.0.0.1', 'a good one')).toBe(false);
  expect(strangers.isTiresome('10.0.0.2', 'wrong')).toBe(false);
  clock.at += 60_000;
  expect(strangers.isTiresome('10.0.0.1', 'wrong')).toBe(false);
});

it('many addresses do not fill the memory: then all are forgotten', () => {
  const strangers = createStrangers(() => 0);
  for (let times = 0; times < 300; times++) strangers.note('10.0.0.1');
  for (let nth = 0; nth < 10_000; nth++) strangers.note(`address ${nth}`);
  expect(strangers.isTiresome('10.0.0.1', 'x')).toBe(false);
});
