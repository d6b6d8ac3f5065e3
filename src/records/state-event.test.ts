import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../base/json.ts';
import type { Changes } from './judge.ts';
import type { HeldRecord } from './record.ts';
import { evolve, fold, stateEvent, type StateChange } from './state-event.ts';

const record: HeldRecord = {
  key: { organizationId: '1', kind: 'asset', recordId: '5' },
  version: 3,
  state: { name: 'Press', id: 5 },
  kept: { childrenIds: [6] },
  updatedAt: 0,
  readSource: 'get',
  readEnded: 2,
  detailAt: 0,
  detailUpdatedAt: 0,
  firstSeenAt: 0,
  changedAt: 0,
  deletedAt: null,
};
const context = { eventId: 'e', now: 20, occurredAt: 10, explainedBy: ['f'] };

const eventOf = (change: StateChange, changes: Changes = {}, state: JsonObject = record.state) =>
  stateEvent(change, { ...record, state }, changes, context);

describe('a state event', () => {
  it('carries the whole record at first sight, without what is kept and never compared', () => {
    expect(eventOf('appeared')).toMatchObject({
      stream: 'asset/1/5',
      type: 'asset.appeared',
      version: 3,
      occurredAt: 10,
      recordedAt: 20,
      data: '{"record":{"id":5,"name":"Press"}}',
      explainedBy: ['f'],
      factKey: null,
    });
  });

  it('carries only what changed later, before and after', () => {
    const { data } = eventOf('changed', { name: { before: 'Press', after: 'Saw' }, model: { after: null } });
    expect(data).toBe('{"changes":{"model":{"after":null},"name":{"after":"Saw","before":"Press"}}}');
  });
});

describe('the fold', () => {
  it('of no event is nothing', () => {
    expect(fold([])).toBeUndefined();
  });

  it('follows a record from first sight to its end and back', () => {
    const life = [
      eventOf('appeared'),
      eventOf('changed', { name: { before: 'Press', after: 'Saw' }, model: { after: { a: [1] } } }),
      eventOf('vanished', { deletedAt: { after: '2026' } }),
    ];
    const gone = { version: 3, state: { id: 5, name: 'Saw', model: { a: [1] }, deletedAt: '2026' }, deleted: true };
    expect(fold(life)).toEqual(gone);
    expect(fold([...life, eventOf('changed', { id: { before: 5, after: 5 } })])?.deleted).toBe(true);
    expect(fold([...life, eventOf('returned', { deletedAt: { before: '2026', after: null } })])).toEqual({
      version: 4,
      state: { ...gone.state, deletedAt: null },
      deleted: false,
    });
  });

  it('is not moved by facts, whatever they say', () => {
    const before = fold([eventOf('appeared')]);
    const fact = { family: 'fact', type: 'asset.vanished', data: '{"changes":{"name":{"after":"x"}}}' } as const;
    expect(evolve(before, fact)).toBe(before);
    expect(evolve(undefined, fact)).toBeUndefined();
  });

  it('changes nothing of what it was given', () => {
    const before = Object.freeze({ version: 1, state: Object.freeze({ a: 1 }), deleted: false });
    expect(evolve(before, eventOf('changed', { a: { before: 1, after: 2 } }))?.state).toEqual({ a: 2 });
    expect(before.state).toEqual({ a: 1 });
  });

  it('gives back numbers as numbers, and digits too long for a number as the text they were', () => {
    const state = { big: 1e17, digits: '12345678901234567890', tiny: 5e-324 };
    expect(fold([eventOf('appeared', {}, state)])?.state).toEqual(state);
  });
});
