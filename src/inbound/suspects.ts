import type { KindProgress } from './run.ts';

/** Missing records of a kind that a sweep believes by itself; more need a person (RELIABILITY B38). */
const BRAKE_LEAST = 20;
const BRAKE_SHARE = 0.05;

/** Whether so many records are missing at once that a person has to say that this is right. */
export const isBraked = (missing: number, living: number): boolean =>
  missing > Math.max(BRAKE_LEAST, living * BRAKE_SHARE);

/** How often a list that goes round in circles is begun anew. */
const MOST_LOOPS = 3;

/** What a page adds to where a run stands with a kind. */
export type AfterPage =
  | { readonly part: KindProgress; readonly next: 'page' | 'end' }
  | { readonly part: KindProgress; readonly next: 'again' | 'given-up' };

/**
 * Where a run stands after a page of `rows` rows. A list that goes round in circles is noticed by a mark that is moved
 * whenever the number of pages doubles (Brent), so it costs one cursor, and survives a restart. Such a list proves
 * nothing about what it lacks: it is begun anew a few times, then left. Pure.
 */
export function afterPage(before: KindProgress, rows: number, nextCursor: string | null): AfterPage {
  const pages = before.pages + 1;
  const counted = {
    ...before,
    state: 'listing',
    pages,
    rows: before.rows + rows,
    requests: before.requests + 1,
  } as const;
  if (nextCursor === null) return { part: { ...counted, cursor: null, mark: null }, next: 'end' };
  if (nextCursor === before.mark || nextCursor === before.cursor) return looped(counted);
  const mark = isPowerOfTwo(pages) ? nextCursor : before.mark;
  return { part: { ...counted, cursor: nextCursor, mark }, next: 'page' };
}

function looped(part: KindProgress): AfterPage {
  const loops = part.loops + 1;
  const fresh = { ...part, loops, cursor: null, mark: null };
  return { part: fresh, next: loops < MOST_LOOPS ? 'again' : 'given-up' };
}

const isPowerOfTwo = (count: number): boolean => (count & (count - 1)) === 0;
