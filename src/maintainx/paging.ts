import type { JsonObject } from '../base/json.ts';
import { raiseMaintainx } from './errors.ts';

/** A page of a list. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** null: the last page. */
  readonly nextCursor: string | null;
  /** MaintainX's clock when it answered (`Date` header), epoch milliseconds; null without the header. */
  readonly serverTime: number | null;
}

/** `nextCursor`, else the cursor inside `nextPageUrl` (FACTS 2.3). */
export function cursorOf(body: JsonObject): string | null {
  const cursor = body['nextCursor'];
  if (typeof cursor === 'string' && cursor !== '') return cursor;
  // Some cursors are offsets (FACTS 2.3).
  if (typeof cursor === 'number') return String(cursor);
  const next = body['nextPageUrl'];
  if ((cursor ?? '') === '' && (next ?? '') === '') return null;
  const url = typeof next === 'string' && URL.canParse(next, 'http://host') ? new URL(next, 'http://host') : undefined;
  return url?.searchParams.get('cursor') ?? unreadableNext();
}

/** Taken for the last page, the rest of the list would be lost without a word. */
function unreadableNext(): never {
  throw raiseMaintainx('maintainx-unreadable', 'a list was answered 2xx with a next page that cannot be asked for');
}

/** All pages from `cursor` on; ends with an error when MaintainX repeats a cursor. */
export async function* follow<Row>(
  read: (cursor: string | undefined) => Promise<Page<Row>>,
  what: string,
  cursor?: string,
): AsyncGenerator<Page<Row>> {
  const used = new Set(cursor === undefined ? [] : [cursor]);
  let next = cursor;
  for (;;) {
    const page = await read(next);
    yield page;
    if (page.nextCursor === null) return;
    if (used.has(page.nextCursor))
      throw raiseMaintainx('maintainx-unreadable', `${what} answered 2xx with the same cursor twice`);
    used.add(page.nextCursor);
    next = page.nextCursor;
  }
}
