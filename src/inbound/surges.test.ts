import { describe, expect, it } from 'vitest';
import type { Hydration } from './statements.ts';
import { createSurges, type Surges, type Walk } from './surges.ts';

const TENANT = 'tenant';
const NOW = 1_000_000;

const wish = (id: number, wanted = 1, change: Partial<Hydration> = {}): Hydration => ({
  key: { organizationId: '1', kind: 'work-order', recordId: String(id) },
  reason: 'hook',
  released: false,
  wanted,
  explainedBy: [],
  attempts: 0,
  doubts: 0,
  wishedAt: NOW,
  dueAt: NOW,
  toldAt: NOW,
  ...change,
});

const wishes = (count: number, wanted = 1): readonly Hydration[] =>
  Array.from({ length: count }, (_, id) => wish(id, wanted));

const walk = (change: Partial<Walk> = {}): Walk => ({
  began: NOW,
  ended: NOW + 100,
  records: 40,
  left: [],
  ticket: 5,
  ...change,
});

const caught = (surges: Surges, due: readonly Hydration[], now = NOW): number => surges.caught(TENANT, due, now).length;

describe('a surge', () => {
  it('begins with as many records of one kind as were said, and with no fewer', () => {
    const surges = createSurges(40);
    expect(caught(surges, wishes(39))).toBe(0);
    expect(caught(surges, wishes(40))).toBe(40);
  });

  it('is about what webhooks told, of kinds whose list rows tell most of a record', () => {
    const surges = createSurges(2);
    expect(caught(surges, [wish(1), wish(2, 1, { reason: 'detail' })])).toBe(0);
    expect(caught(surges, [wish(1), wish(2, 1, { toldAt: null })])).toBe(0);
    const orders = [1, 2, 3].map((id) =>
      wish(id, 1, { key: { organizationId: '1', kind: 'purchase-order', recordId: String(id) } }),
    );
    expect(caught(surges, orders)).toBe(0);
  });

  it('rests after each walk, longer each time, and is no matter of another tenant', () => {
    const surges = createSurges(40);
    surges.walked(TENANT, 'work-order', walk());
    expect(surges.resting(TENANT, NOW + 349)).toEqual({ kinds: ['work-order'], until: NOW + 350 });
    expect(surges.resting(TENANT, NOW + 350)).toEqual({ kinds: [], until: null });
    expect(surges.resting('other', NOW + 100).kinds).toEqual([]);
    surges.walked(TENANT, 'work-order', walk({ began: NOW + 350, ended: NOW + 400, records: 400 }));
    expect(surges.resting(TENANT, NOW + 899).until).toBe(NOW + 900);
  });

  it('goes on with fewer records than began it, and ends with very few', () => {
    const surges = createSurges(40);
    surges.walked(TENANT, 'work-order', walk());
    expect(caught(surges, wishes(10), NOW + 350)).toBe(10);
    expect(caught(surges, wishes(9), NOW + 350)).toBe(0);
    expect(caught(surges, wishes(10), NOW + 350)).toBe(0);
  });

  it('ends when records come no faster than single reads take', () => {
    const surges = createSurges(40);
    surges.walked(TENANT, 'work-order', walk());
    surges.walked(TENANT, 'work-order', walk({ began: NOW + 1_000, ended: NOW + 1_100, records: 300 }));
    expect(surges.resting(TENANT, NOW + 1_101).kinds).toEqual([]);
    expect(caught(surges, wishes(39), NOW + 1_101)).toBe(0);
  });

  it('leaves to single reads what its pages did not show, until a later webhook asks for it', () => {
    const surges = createSurges(2);
    surges.walked(TENANT, 'work-order', walk({ left: [wish(1), wish(2)], ticket: 7 }));
    expect(caught(surges, [wish(1, 7), wish(2, 7)], NOW + 1_000)).toBe(0);
    expect(caught(surges, [wish(1, 8), wish(2, 8)], NOW + 1_000)).toBe(2);
  });
});
