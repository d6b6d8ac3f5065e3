import { expect, test } from 'vitest';
import { sharedBuffers } from './memory.ts';

const GIB = 1024 ** 3;

test('the server keeps an eighth of the memory, within bounds', () => {
  expect([0.5, 2, 5, 64].map((gib) => sharedBuffers(gib * GIB, 0))).toEqual([128, 256, 640, 1024]);
});

test("a container's limit counts, where it is one", () => {
  expect([2, 64].map((limit) => sharedBuffers(5 * GIB, limit * GIB))).toEqual([256, 640]);
});
