import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../base/json.ts';
import type { Kind } from '../maintainx/index.ts';
import { differences, judge, type Verdict } from './judge.ts';
import { normalize } from './normalize.ts';
import type { HeldRecord, ReadSource } from './record.ts';

const T = Date.UTC(2026, 8, 16, 12);
const at = (minutes: number): string => new Date(T + minutes * 60_000).toISOString();

/** A record as one read showed it, the read ending with ticket 10. */
function heldAfter(
  source: ReadSource,
  raw: JsonObject,
  change: Partial<HeldRecord> = {},
  kind: Kind = 'part',
): HeldRecord {
  const { state, kept, updatedAt } = normalize(kind, source, raw);
  return {
    key: { organizationId: '1', kind, recordId: '5' },
    version: 1,
    state,
    kept,
    updatedAt,
    readSource: source,
    readEnded: 10,
    detailAt: source === 'get' ? T : null,
    detailUpdatedAt: source === 'get' ? updatedAt : null,
    firstSeenAt: T,
    changedAt: T,
    deletedAt: null,
    ...change,
  };
}

/** The verdict over a read that began with ticket `began`; 11 is after the last accepted one, 10 is not. */
function verdictOf(
  held: HeldRecord | undefined,
  source: ReadSource,
  raw: JsonObject,
  began = 11,
  insists = false,
): Verdict {
  const { kind } = held?.key ?? { kind: 'part' as const };
  const read = { began, ended: began + 1, at: T };
  const key = { organizationId: '1', kind, recordId: '5' };
  return judge(held, { key, source, read, raw, insists, explainedBy: [] }, normalize(kind, source, raw));
}

function verdictOfAbsence(held: HeldRecord | undefined, began = 11): Verdict['verdict'] {
  const key = { organizationId: '1', kind: 'part', recordId: '5' } as const;
  const read = { began, ended: began + 1, at: T };
  return judge(held, { key, source: 'get', read, raw: null, explainedBy: [] }, null).verdict;
}

const part = (name: string, minutes: number, more: JsonObject = {}): JsonObject => ({
  id: 5,
  name,
  updatedAt: at(minutes),
  ...more,
});

describe('a record that we do not hold', () => {
  it('appears, from a list as from a single read', () => {
    expect(verdictOf(undefined, 'list', part('Belt', 0)).verdict).toBe('appeared');
    expect(verdictOf(undefined, 'get', part('Belt', 0)).verdict).toBe('appeared');
  });

  it('does not appear as a tombstone, nor by being absent', () => {
    expect(verdictOf(undefined, 'get', part('Belt', 0, { deletedAt: at(0) })).verdict).toBe('same');
    expect(verdictOfAbsence(undefined)).toBe('same');
  });
});

describe('a newer updatedAt', () => {
  it('is accepted from both sources, even from a read that began before the last accepted one ended', () => {
    const held = heldAfter('get', part('Belt', 0));
    for (const source of ['get', 'list'] as const)
      expect(verdictOf(held, source, part('Chain', 1), 3)).toMatchObject({
        verdict: 'changed',
        changes: { name: { before: 'Belt', after: 'Chain' } },
      });
  });
});

describe('an older updatedAt', () => {
  const held = heldAfter('get', part('Belt', 5));

  it('is refused from a list however late, and from a single read that began too early', () => {
    for (const row of ['Chain', 'Belt'])
      expect(verdictOf(held, 'list', part(row, 4), 99, true)).toEqual({
        verdict: 'refused',
        why: 'stale-read-refused',
      });
    expect(verdictOf(held, 'get', part('Chain', 4), 10, true).verdict).toBe('refused');
  });

  it('of a later single read is asked for again, and believed when it insists', () => {
    expect(verdictOf(held, 'get', part('Chain', 4), 11)).toEqual({ verdict: 'recheck', why: 'older-in-later-read' });
    expect(verdictOf(held, 'get', part('Chain', 4), 11, true)).toMatchObject({
      verdict: 'changed',
      why: 'older-confirmed',
      changes: { name: { after: 'Chain' }, updatedAt: { after: at(4) } },
    });
  });
});

describe('an equal updatedAt', () => {
  it('is accepted from a single read that began after the last accepted one ended', () => {
    expect(verdictOf(heldAfter('get', part('Belt', 0)), 'get', part('Chain', 0), 11).verdict).toBe('changed');
    expect(verdictOf(heldAfter('list', part('Belt', 0)), 'get', part('Chain', 0), 11).verdict).toBe('changed');
  });

  it('is read once more when the read began before that', () => {
    for (const began of [9, 10])
      expect(verdictOf(heldAfter('get', part('Belt', 0)), 'get', part('Chain', 0), began).verdict).toBe('recheck');
  });

  it('of a list row never beats that of a single read', () => {
    expect(verdictOf(heldAfter('get', part('Belt', 0)), 'list', part('Chain', 0), 99).verdict).toBe('recheck');
  });

  it('of a later list row beats that of an earlier list row', () => {
    const held = heldAfter('list', part('Belt', 0));
    expect(verdictOf(held, 'list', part('Chain', 0), 11).verdict).toBe('changed');
    expect(verdictOf(held, 'list', part('Chain', 0), 10).verdict).toBe('recheck');
  });

  it('and no difference is nothing new', () => {
    const held = heldAfter('get', part('Belt', 0));
    expect(verdictOf(held, 'get', part('Belt', 0), 3).verdict).toBe('same');
    expect(verdictOf(held, 'list', part('Belt', 0), 3).verdict).toBe('same');
  });
});

describe('a source without updatedAt', () => {
  const vendor = (name: string): JsonObject => ({ id: 5, name });

  it('is believed when its read began after the last accepted one ended', () => {
    const held = heldAfter('get', vendor('Acme'), {}, 'vendor');
    expect(verdictOf(held, 'list', vendor('Acme Ltd'), 11).verdict).toBe('changed');
    expect(verdictOf(held, 'get', vendor('Acme Ltd'), 11).verdict).toBe('changed');
  });

  it('is read once more when it began earlier', () => {
    const held = heldAfter('get', vendor('Acme'), {}, 'vendor');
    expect(verdictOf(held, 'list', vendor('Acme Ltd'), 10).verdict).toBe('recheck');
    expect(verdictOf(held, 'get', vendor('Acme Ltd'), 10).verdict).toBe('recheck');
  });
});

describe('a field that a newer list row clears', () => {
  const held = heldAfter('get', part('Belt', 0, { description: 'rubber', area: 'A1' }));

  it('is confirmed by one single read first', () => {
    expect(verdictOf(held, 'list', part('Belt', 1, { area: 'A1' })).verdict).toBe('recheck');
    expect(verdictOf(held, 'list', part('Belt', 1, { area: 'A1', description: null })).verdict).toBe('recheck');
  });

  it('is cleared by the single read', () => {
    const verdict = verdictOf(held, 'get', part('Belt', 1, { area: 'A1' }));
    expect(verdict).toMatchObject({ verdict: 'changed', changes: { description: { before: 'rubber', after: null } } });
  });

  it('needs no confirmation when it was empty before', () => {
    const empty = heldAfter('get', part('Belt', 0, { description: null, partTypes: [] }));
    expect(verdictOf(empty, 'list', part('Chain', 1)).verdict).toBe('changed');
  });
});

describe('fields that a source does not carry', () => {
  it('are not touched by a list row', () => {
    const held = heldAfter('get', part('Belt', 0, { vendorIds: [1, 2] }));
    const verdict = verdictOf(held, 'list', part('Chain', 1));
    expect('changes' in verdict ? Object.keys(verdict.changes).sort() : []).toEqual(['name', 'updatedAt']);
  });

  it('are told by the single read that follows a list row', () => {
    const held = heldAfter('list', part('Belt', 0));
    const verdict = verdictOf(held, 'get', part('Belt', 0, { vendorIds: [2, 1] }));
    expect(verdict).toMatchObject({ verdict: 'changed', changes: { vendorIds: { after: [1, 2] } } });
    expect('changes' in verdict ? verdict.changes['vendorIds'] : undefined).not.toHaveProperty('before');
  });
});

describe('a record that is gone', () => {
  const held = heldAfter('get', part('Belt', 0));

  it('is gone by a 404 of a read that began after the last accepted one ended', () => {
    expect(verdictOfAbsence(held, 11)).toBe('vanished');
  });

  it('is read once more when the 404’s read began earlier', () => {
    expect(verdictOfAbsence(held, 10)).toBe('recheck');
  });

  it('is gone by a single read that shows deletedAt', () => {
    const verdict = verdictOf(held, 'get', part('Belt', 1, { deletedAt: at(1) }));
    expect(verdict).toMatchObject({ verdict: 'vanished', changes: { deletedAt: { after: at(1) } } });
    expect(verdictOf(held, 'get', part('Belt', 1, { deletedAt: at(1) }), 10).verdict).toBe('recheck');
  });

  it('is not gone by a list row that shows deletedAt: a single read confirms it', () => {
    const order = { id: 5, title: 'Grease', updatedAt: at(0) };
    const verdict = verdictOf(heldAfter('get', order, {}, 'work-order'), 'list', { ...order, deletedAt: at(0) }, 99);
    expect(verdict.verdict).toBe('recheck');
  });
});

describe('a tombstone', () => {
  const tombstone = heldAfter('get', part('Belt', 0, { deletedAt: at(0) }), { deletedAt: T });

  it('is lifted by a later single read', () => {
    expect(verdictOf(tombstone, 'get', part('Chain', 0))).toMatchObject({
      verdict: 'returned',
      changes: { name: { before: 'Belt', after: 'Chain' }, deletedAt: { before: at(0), after: null } },
    });
  });

  it('is not lifted by a list row however new, nor by an earlier read: a single read decides', () => {
    expect(verdictOf(tombstone, 'list', part('Chain', 60), 99).verdict).toBe('recheck');
    expect(verdictOf(tombstone, 'get', part('Chain', 60), 10).verdict).toBe('recheck');
  });

  it('stays one when it is seen again', () => {
    expect(verdictOfAbsence(tombstone, 99)).toBe('same');
    expect(verdictOf(tombstone, 'get', part('Chain', 9, { deletedAt: at(3) })).verdict).toBe('same');
  });
});

describe('differences', () => {
  it('name what was never told without a before, and leave out what means the same', () => {
    expect(differences({ a: [], b: 1, c: { x: 1, y: 2 } }, { a: null, b: 2, c: { y: 2, x: 1 }, d: null })).toEqual({
      b: { before: 1, after: 2 },
      d: { after: null },
    });
  });
});
