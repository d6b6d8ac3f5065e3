import { expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { isoAt } from './plant.ts';
import { nextOccurrence } from './recurrence.ts';

const MONDAY = Date.parse('2026-09-14T08:30:00.000Z');

test.each<[JsonObject, string]>([
  [{ type: 'DAILY' }, '2026-09-15T08:30:00.000Z'],
  [{ type: 'WEEKLY', interval: 1, days: ['FRIDAY', 'WEDNESDAY'] }, '2026-09-16T08:30:00.000Z'],
  [{ type: 'WEEKLY', interval: 2, days: ['MONDAY'] }, '2026-09-28T08:30:00.000Z'],
  [{ type: 'MONTHLY', interval: 1, day: 31 }, '2026-09-30T08:30:00.000Z'],
  [{ type: 'MONTHLY', interval: 3, day: 1 }, '2026-12-01T08:30:00.000Z'],
  [{ type: 'YEARLY', interval: 1 }, '2027-09-14T08:30:00.000Z'],
  [{ type: 'PERIODICALLY', interval: 3 }, '2026-09-14T08:30:03.000Z'],
])('%j goes on at %s', (rule, expected) => {
  expect(isoAt(nextOccurrence(rule, MONDAY, MONDAY) ?? 0)).toBe(expected);
});

test('what is late goes on in the future, in its rhythm', () => {
  const late = Date.parse('2026-08-01T08:30:00.000Z');
  expect(isoAt(nextOccurrence({ type: 'DAILY' }, late, MONDAY + 1) ?? 0)).toBe('2026-09-15T08:30:00.000Z');
  expect(isoAt(nextOccurrence({ type: 'MONTHLY', interval: 1, day: 31 }, late, MONDAY) ?? 0)).toBe(
    '2026-09-30T08:30:00.000Z',
  );
});
