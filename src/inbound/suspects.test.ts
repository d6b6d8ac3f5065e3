import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshKind, type KindProgress } from './run.ts';
import { afterPage, isBraked } from './suspects.ts';

describe('the brake', () => {
  it.each([
    [20, 30, false],
    [21, 30, true],
    [21, 420, false],
    [50, 1000, false],
    [51, 1000, true],
    [0, 0, false],
  ])('with %i missing of %i: %s', (missing, living, braked) => {
    expect(isBraked(missing, living)).toBe(braked);
  });
});

const fresh: KindProgress = { ...freshKind('vendor'), startedAt: 1 };

/** Follows a list whose cursors come in this order until it ends, or is begun anew. */
function follow(cursors: Iterable<string | null>, from = fresh) {
  let part = from;
  for (const cursor of cursors) {
    const step = afterPage(part, 200, cursor);
    part = step.part;
    if (step.next !== 'page') return step;
  }
  return { part, next: 'page' } as const;
}

describe('a page', () => {
  it('adds to what was read and tells where to go on', () => {
    expect(afterPage(fresh, 200, '200')).toEqual({
      part: { ...fresh, state: 'listing', pages: 1, rows: 200, requests: 1, cursor: '200', mark: '200' },
      next: 'page',
    });
  });

  it('without a cursor is the last', () => {
    expect(follow(['a', 'b', null])).toMatchObject({
      part: { pages: 3, rows: 600, requests: 3, cursor: null, mark: null, loops: 0 },
      next: 'end',
    });
  });
});

describe('a list that goes round in circles', () => {
  function* circle(lead: number, length: number): Generator<string> {
    for (let page = 0; ; page++) yield page < lead ? `lead ${page}` : `circle ${(page - lead) % length}`;
  }

  it('is noticed however long it is, within three times its length, and begun anew', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 40 }), (lead, length) => {
        const { part, next } = follow(circle(lead, length));
        expect(next).toBe('again');
        expect(part).toMatchObject({ loops: 1, cursor: null, mark: null, state: 'listing' });
        expect(part.pages).toBeGreaterThan(length);
        expect(part.pages).toBeLessThanOrEqual(3 * (lead + length) + 1);
      }),
    );
  });

  it('is left after three times', () => {
    const second = follow(circle(2, 2), { ...fresh, loops: 1 });
    expect(second).toMatchObject({ next: 'again', part: { loops: 2 } });
    expect(follow(circle(2, 2), { ...fresh, loops: 2 })).toMatchObject({ next: 'given-up', part: { loops: 3 } });
  });

  it('is never seen in a list of different cursors, wherever the run stood', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 1000 }), (length, pages) => {
        const cursors = Array.from({ length }, (_, page) => (page + 1 < length ? `page ${page}` : null));
        expect(follow(cursors, { ...fresh, pages }).next).toBe('end');
      }),
    );
  });
});
