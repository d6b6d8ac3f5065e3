import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../log/index.ts';
import { momentsOf } from './moments.ts';

const event = (seq: number, change: Partial<StoredEvent>): StoredEvent => ({
  seq,
  eventId: `e${seq}`,
  stream: 'work-order/1/7',
  family: 'state',
  type: 'work-order.changed',
  version: seq,
  occurredAt: seq * 10,
  recordedAt: seq * 10 + 1,
  data: '{"changes":{"title":{"before":"a","after":"b"}}}',
  explainedBy: [],
  actor: null,
  factKey: null,
  ...change,
});

describe('what we saw of a record', () => {
  it('says by which path, which fields, and which fact was the reason, both ways', () => {
    const moments = momentsOf([
      event(1, { type: 'work-order.appeared', data: '{"record":{"id":7,"title":"a"}}' }),
      event(4, { family: 'fact', type: 'work-order.edited', version: null, actor: 'user/3', data: '{}' }),
      event(6, { explainedBy: ['e4'] }),
    ]);
    expect(moments.map(({ seq, path, fields, toldBy, explains }) => ({ seq, path, fields, toldBy, explains }))).toEqual(
      [
        { seq: 1, path: 'read', fields: ['id', 'title'], toldBy: [], explains: [] },
        { seq: 4, path: 'fact', fields: [], toldBy: [], explains: [6] },
        { seq: 6, path: 'read', fields: ['title'], toldBy: [{ seq: 4, type: 'work-order.edited' }], explains: [] },
      ],
    );
  });

  it('names a reason that stands in another record’s stream, and a fact from which nothing followed', () => {
    const [told, seen] = momentsOf([
      event(2, { family: 'fact', type: 'work-order.commented', version: null }),
      event(3, { explainedBy: ['elsewhere'] }),
    ]);
    expect(told?.explains).toEqual([]);
    expect(seen?.toldBy).toEqual([{ seq: 0, type: 'a fact about another record' }]);
  });

  it('lets a fact that came late name the change that a read had shown, and that nothing else explains', () => {
    const MINUTE = 60_000;
    const [, , , first, second] = momentsOf([
      event(1, { occurredAt: 0 }),
      event(2, { occurredAt: 5 * MINUTE, explainedBy: ['e9'] }),
      event(3, { occurredAt: 9 * MINUTE }),
      event(4, { family: 'fact', version: null, occurredAt: 4 * MINUTE }),
      event(5, { family: 'fact', version: null, occurredAt: 20 * MINUTE }),
    ]);
    expect([first?.explains, first?.isLate]).toEqual([[3], true]);
    expect([second?.explains, second?.isLate]).toEqual([[], false]);
  });

  it('is nothing where nothing was seen', () => {
    expect(momentsOf([])).toEqual([]);
  });
});
