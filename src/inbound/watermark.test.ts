import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextPlace, pollFrom, watermarkAfter } from './watermark.ts';

const T = Date.UTC(2026, 8, 16, 12);

describe('a poll goes on', () => {
  const from = pollFrom(T);

  it('from the last row of a page, itself included and without a cursor', () => {
    expect(nextPlace(from, { times: [T, T + 1, T + 5], nextCursor: '200' })).toEqual({
      go: { anchor: T + 5, cursor: undefined, met: [] },
      how: 'poll-reanchored',
    });
  });

  it('by cursor while a whole page has one and the same time, and forgets the cursors once it moves', () => {
    const tied = nextPlace(from, { times: [T, T, T], nextCursor: '200' });
    expect(tied).toEqual({ go: { anchor: T, cursor: '200', met: ['200'] }, how: 'poll-tie-at-anchor' });
    const place = tied.go ?? from;
    expect(nextPlace(place, { times: [T, T], nextCursor: '400' }).go?.met).toEqual(['200', '400']);
    expect(nextPlace(place, { times: [T, T + 1], nextCursor: '400' }).go).toEqual(pollFrom(T + 1));
  });

  it('by cursor when the page is not in order or tells no time: an anchor would hide what it jumped over', () => {
    for (const times of [
      [T, T + 9, T + 5],
      [T, null, T + 5],
      [T + 1, null],
    ])
      expect(nextPlace(from, { times, nextCursor: '200' })).toEqual({
        go: { anchor: T, cursor: '200', met: ['200'] },
        how: 'poll-unsorted-page',
      });
  });

  it('no further at the end, at an empty page, and at a cursor that it has met', () => {
    expect(nextPlace(from, { times: [T + 1], nextCursor: null })).toEqual({ go: null, how: 'end' });
    expect(nextPlace(from, { times: [], nextCursor: '200' })).toEqual({ go: null, how: 'end' });
    const place = { anchor: T, cursor: '400', met: ['200', '400'] };
    for (const nextCursor of ['200', '400'])
      expect(nextPlace(place, { times: [T], nextCursor })).toEqual({ go: null, how: 'poll-cursor-loop' });
  });

  it('ends, whatever a server answers that repeats itself', () => {
    const page = fc.record({
      times: fc.array(fc.option(fc.integer({ min: T - 3, max: T + 3 })), { maxLength: 3 }),
      nextCursor: fc.option(fc.constantFrom('a', 'b', 'c')),
    });
    fc.assert(
      fc.property(fc.infiniteStream(page), (pages) => {
        let place = pollFrom(T - 9);
        // Seven anchors at most, and three cursors at each.
        for (let step = 0; step < 7 * 4 + 1; step++) {
          const next = nextPlace(place, pages.next().value);
          if (next.go === null) return;
          expect(next.go.anchor).toBeGreaterThanOrEqual(place.anchor);
          place = next.go;
        }
        expect.unreachable('it goes on for ever');
      }),
    );
  });

  it('over a list that shifts under it, without leaving out a row that stays', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        gaps,
        fc.integer({ min: 2, max: 5 }),
        fc.array(fc.boolean(), { maxLength: 60 }),
        (steps, size, touches) => {
          let now = T;
          let rows = steps.map((gap, id) => ({ id, time: (now += gap), stays: true }));
          const touched = [...touches];
          const seen = new Set<number>();
          let place = pollFrom(T);
          for (let turn = 0; turn < 500; turn++) {
            const later = rows.filter((row) => row.time >= place.anchor).sort((left, right) => left.time - right.time);
            const start = Number(place.cursor ?? 0);
            const page = later.slice(start, start + size);
            for (const row of page) seen.add(row.id);
            const nextCursor = start + size < later.length ? String(start + size) : null;
            const next = nextPlace(place, { times: page.map((row) => row.time), nextCursor });
            if (next.go === null) break;
            // A row that was read is edited while we page: it moves to the end, and all behind it move up.
            const edited = page.find((row) => touched.length > 0 && touched.pop() === true && row.stays);
            if (edited !== undefined && next.how === 'poll-reanchored')
              rows = rows.map((row) => (row.id === edited.id ? { ...row, time: (now += 1), stays: false } : row));
            place = next.go;
          }
          for (const row of rows.filter((one) => one.stays)) expect(seen.has(row.id)).toBe(true);
        },
      ),
    );
  });
});

describe('the watermark', () => {
  it('is the greatest time seen, whatever the order and whatever tells none', () => {
    expect(watermarkAfter(T, [T + 1, null, T + 5, T + 2], T + 60)).toEqual({ watermark: T + 5, isClamped: false });
  });

  it('never goes back', () => {
    expect(watermarkAfter(T, [T - 9], T + 60)).toEqual({ watermark: T, isClamped: false });
    expect(watermarkAfter(T, [], T - 60)).toEqual({ watermark: T, isClamped: false });
    expect(watermarkAfter(T, [T - 1], T - 60)).toEqual({ watermark: T, isClamped: false });
  });

  it('is held back by MaintainX’s clock: a record dated ahead hides no other', () => {
    expect(watermarkAfter(T, [T + 1, T + 99_000], T + 60)).toEqual({ watermark: T + 60, isClamped: true });
    expect(watermarkAfter(T, [T + 60], T + 60)).toEqual({ watermark: T + 60, isClamped: false });
    expect(watermarkAfter(T, [T + 1], T - 60)).toEqual({ watermark: T, isClamped: true });
  });
});
