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
  const next = body['nextPageUrl'];
  if (typeof next !== 'string' || next === '') return null;
  return URL.canParse(next, 'http://host') ? new URL(next, 'http://host').searchParams.get('cursor') : null;
}

/** All pages from `cursor` on; ends with an error when MaintainX repeats a cursor. */
export async function* follow<Row>(
  read: (cursor: string | undefined) => Promise<Page<Row>>,
  what: string,
  cursor?: string,
): AsyncGenerator<Page<Row>> {
  const used = new Set<string>();
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
