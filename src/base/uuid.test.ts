import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from './random.ts';
import { uuidv7 } from './uuid.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const someTime = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const someRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it('has version 7 and the variant of RFC 9562, whatever time and chance say', () => {
  fc.assert(
    fc.property(someTime, someRandom, (now, chance) => {
      expect(uuidv7(now, () => chance)).toMatch(UUID_V7);
    }),
  );
});

it('begins with the time in milliseconds', () => {
  expect(uuidv7(Date.UTC(2022, 1, 22, 19, 22, 22), () => 0)).toBe('017f22e2-79b0-7000-8000-000000000000');
});

it('sorts by time', () => {
  fc.assert(
    fc.property(someTime, someTime, someRandom, someRandom, (one, other, left, right) => {
      fc.pre(one !== other);
      expect(uuidv7(one, () => left) < uuidv7(other, () => right)).toBe(one < other);
    }),
  );
});

it('does not come twice within one millisecond', () => {
  const random = seededRandom(1);
  const made = Array.from({ length: 20_000 }, () => uuidv7(1, random));
  expect(new Set(made).size).toBe(20_000);
});
