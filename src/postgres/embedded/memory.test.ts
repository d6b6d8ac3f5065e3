import { expect, test } from 'vitest';
import { sharedBuffers } from './memory.ts';

const GIB = 1024 ** 3;

test('the server keeps an eighth of the memory, within bounds', () => {
  expect([0.5, 2, 5, 64].map((gib) => sharedBuffers(gib * GIB))).toEqual([128, 256, 640, 1024]);
});

test('of this machine too', () => {
  expect(sharedBuffers()).toBeGreaterThanOrEqual(128);
  expect(sharedBuffers()).toBeLessThanOrEqual(1024);
});
