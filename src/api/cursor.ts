import { raise } from '../errors.ts';

/** Cursors say nothing to callers, so that what is in them may change. */
export const cursorOf = (place: string): string => Buffer.from(place, 'utf8').toString('base64url');

/** The place that a cursor stands for. Throws `request-invalid` for one that no page gave. */
export function placeIn(cursor: string, shape: RegExp): string {
  const place = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!shape.test(place)) throw raise('request-invalid', 'the cursor is not one that a page gave as nextCursor');
  return place;
}
