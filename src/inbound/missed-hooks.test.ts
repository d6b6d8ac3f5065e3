import { expect, it } from 'vitest';
import { missedHooks, subscribedName } from './missed-hooks.ts';

const NOON = Date.UTC(2026, 10, 26, 12);
const DAY = 24 * 3_600_000;

const counter = () =>
  missedHooks({
    subscribedSince: new Map([
      [subscribedName('1', 'NEW_WORK_ORDER'), NOON - DAY],
      [subscribedName('1', 'WORK_ORDER_DELETE'), NOON - DAY],
    ]),
    from: NOON - 2 * DAY,
    until: NOON + DAY,
  });

const appeared = (id: number, createdAt: number) =>
  ({
    family: 'state',
    stream: `work-order/1/${id}`,
    type: 'work-order.appeared',
    occurredAt: createdAt,
    data: JSON.stringify({ record: { id, createdAt: new Date(createdAt).toISOString() } }),
  }) as const;

const vanished = (id: number, at: number) =>
  ({ ...appeared(id, at), type: 'work-order.vanished', data: '{"changes":{}}' }) as const;

const told = (id: number, what: string, at: number) =>
  ({ ...appeared(id, at), family: 'fact', type: `work-order.${what}`, data: '{}' }) as const;

it('counts by kind, day and change what webhooks told of and what they did not, in whatever order it came', () => {
  const missed = counter();
  missed.add(told(1, 'created', NOON));
  missed.add(appeared(1, NOON));
  missed.add(appeared(2, NOON));
  missed.add(appeared(3, NOON + DAY / 2));
  missed.add(told(3, 'created', NOON + DAY / 2));
  missed.add(vanished(2, NOON + 1_000));
  missed.add(told(1, 'deleted', NOON + 2_000));
  expect(missed.counts()).toEqual([
    { kind: 'work-order', change: 'created', day: '2026-11-26', happened: 2, told: 1 },
    { kind: 'work-order', change: 'deleted', day: '2026-11-26', happened: 2, told: 1 },
    { kind: 'work-order', change: 'created', day: '2026-11-27', happened: 1, told: 1 },
  ]);
});

it('leaves out what was there before webhooks were, edits, and kinds that no webhook tells of', () => {
  const missed = counter();
  missed.add(appeared(1, NOON - DAY - 1));
  missed.add({ ...appeared(2, NOON), type: 'work-order.changed' });
  missed.add(told(2, 'edited', NOON));
  missed.add({ ...appeared(3, NOON), type: 'meter.appeared', stream: 'meter/1/3' });
  expect(missed.counts()).toEqual([]);
});
