import { expect, it } from 'vitest';
import { timeInStatus } from './time-in-status.ts';

const told = (at: number, newStatus: string, newSubStatus?: string) =>
  ({
    family: 'fact',
    type: 'work-order.status-changed',
    occurredAt: at,
    data: JSON.stringify({ newStatus, newSubStatus }),
  }) as const;

const seen = (at: number, status: string) =>
  ({
    family: 'state',
    type: 'work-order.changed',
    occurredAt: at,
    data: JSON.stringify({ changes: { status: { after: status } } }),
  }) as const;

const appeared = (at: number, status: string) =>
  ({ ...seen(at, ''), type: 'work-order.appeared', data: JSON.stringify({ record: { status } }) }) as const;

it('takes each change from the webhook, to the moment, and not once more from the read that followed', () => {
  const events = [
    appeared(10, 'OPEN'),
    told(20, 'IN_PROGRESS'),
    seen(21, 'IN_PROGRESS'),
    told(50, 'DONE'),
    seen(53, 'DONE'),
  ];
  expect(timeInStatus(events)).toEqual([
    { status: 'OPEN', from: 10, until: 20, toldBy: 'read' },
    { status: 'IN_PROGRESS', from: 20, until: 50, toldBy: 'fact' },
    { status: 'DONE', from: 50, until: null, toldBy: 'fact' },
  ]);
});

it('knows what came and went between two reads, in whatever order the webhooks arrived', () => {
  const events = [appeared(10, 'OPEN'), seen(40, 'ON_HOLD'), told(40, 'ON_HOLD'), told(20, 'IN_PROGRESS')];
  expect(timeInStatus(events).map(({ status, from }) => [status, from])).toEqual([
    ['OPEN', 10],
    ['IN_PROGRESS', 20],
    ['ON_HOLD', 40],
  ]);
});

it('fills in from reads what no webhook told, and calls a cancelled work order what a read calls it', () => {
  const events = [appeared(10, 'OPEN'), seen(30, 'IN_PROGRESS'), told(60, 'DONE', 'CANCELED'), seen(60, 'CANCELED')];
  expect(timeInStatus(events)).toEqual([
    { status: 'OPEN', from: 10, until: 30, toldBy: 'read' },
    { status: 'IN_PROGRESS', from: 30, until: 60, toldBy: 'read' },
    { status: 'CANCELED', from: 60, until: null, toldBy: 'fact' },
  ]);
});

it('ends with the record, and has nothing to say of a status that is no text', () => {
  const gone = { ...seen(90, ''), type: 'work-order.vanished', data: '{"changes":{}}' };
  expect(timeInStatus([appeared(10, 'OPEN'), gone])).toEqual([{ status: 'OPEN', from: 10, until: 90, toldBy: 'read' }]);
  const object = { ...told(5, ''), type: 'asset.status-changed', data: '{"newStatus":{"status":"ONLINE"}}' };
  expect(timeInStatus([object])).toEqual([]);
});
