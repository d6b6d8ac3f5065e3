import { expect, it } from 'vitest';
import { readsPerHour } from './coverage-input.ts';

const HOUR = 3_600_000;
const NOW = 100 * HOUR;

const event = (stream: string, family: 'fact' | 'state', hoursAgo: number, explainedBy: readonly string[] = []) => ({
  stream,
  family,
  explainedBy,
  recordedAt: NOW - hoursAgo * HOUR,
});

it('a webhook is a read, and so is a change of a stub that no webhook told', () => {
  const events = [
    event('asset/1/5', 'fact', 3),
    event('asset/1/5', 'state', 3, ['the fact']),
    event('asset/1/6', 'state', 2),
    event('work-request/1/7', 'state', 2),
    event('organisation/1', 'fact', 1),
  ];
  expect(readsPerHour(events, NOW - 4 * HOUR, NOW, false)).toEqual(new Map([['asset', 0.5]]));
});

it('what is older than the time looked at counts for nothing', () => {
  expect(readsPerHour([event('asset/1/5', 'fact', 9)], NOW - 4 * HOUR, NOW, false)).toEqual(new Map());
});

it('where older events were left out, the time begins with the oldest that is there', () => {
  const events = [event('asset/1/5', 'fact', 2), event('asset/1/6', 'fact', 1)];
  expect(readsPerHour(events, NOW - 24 * HOUR, NOW, true)).toEqual(new Map([['asset', 1]]));
});
