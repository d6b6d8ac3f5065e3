/** Where a poll stands: from which time on, and behind which cursor. Times are epoch milliseconds. */
export interface PollPlace {
  readonly anchor: number;
  readonly cursor: string | undefined;
  /** Cursors met since the anchor last moved. */
  readonly met: readonly string[];
}

/** What a page tells of time: each row's `updatedAt` in the order of the page (null: none), and what comes after. */
export interface PageTimes {
  readonly times: readonly (number | null)[];
  readonly nextCursor: string | null;
}

export type NextPlace =
  | { readonly go: PollPlace; readonly how: 'poll-reanchored' | 'poll-tie-at-anchor' | 'poll-unsorted-page' }
  | { readonly go: null; readonly how: 'end' | 'poll-cursor-loop' };

export const pollFrom = (anchor: number): PollPlace => ({ anchor, cursor: undefined, met: [] });

/**
 * Where a poll goes on after a page. Rows shift while one pages by offset, so the next page is anchored on the last
 * row's `updatedAt`, itself included; by cursor it goes on only while a whole page has one and the same time, or is not
 * in the order that was asked for. Pure.
 */
export function nextPlace(place: PollPlace, { times, nextCursor }: PageTimes): NextPlace {
  if (nextCursor === null || times.length === 0) return { go: null, how: 'end' };
  const last = times.at(-1) ?? null;
  const isSorted = times.every((time) => time !== null && last !== null && time <= last);
  if (isSorted && last !== null && last > place.anchor) return { go: pollFrom(last), how: 'poll-reanchored' };
  // A server that repeats a cursor would keep us here for ever; the sweep finds what this poll leaves out.
  if (place.met.includes(nextCursor)) return { go: null, how: 'poll-cursor-loop' };
  const go = { anchor: place.anchor, cursor: nextCursor, met: [...place.met, nextCursor] };
  return { go, how: isSorted ? 'poll-tie-at-anchor' : 'poll-unsorted-page' };
}

/** The watermark after a page, and whether MaintainX's clock held it back. */
export interface Watermark {
  readonly watermark: number;
  readonly isClamped: boolean;
}

/** The greatest time seen, but never later than MaintainX's own clock: a record dated ahead must not hide others. */
export function watermarkAfter(before: number, times: readonly (number | null)[], clock: number): Watermark {
  const greatest = times.reduce<number>((most, time) => Math.max(most, time ?? most), before);
  return { watermark: Math.max(before, Math.min(greatest, clock)), isClamped: greatest > Math.max(before, clock) };
}
