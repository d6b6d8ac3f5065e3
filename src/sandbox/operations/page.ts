import { refused, type Answer } from '../http/answer.ts';
import { limitOf } from '../http/query.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Row } from '../plant/row.ts';
import { nextPageUrl } from './list.ts';

/** One page of rows that were put together by hand; the cursor is an offset. */
export function pageOf(key: string, rows: readonly Row[], request: ApiRequest): Answer {
  const limit = limitOf(request.query);
  const start = Number(request.query.get('cursor') ?? '0');
  if (!Number.isInteger(start) || start < 0) throw refused(400, 'Invalid cursor');
  const nextCursor = start + limit < rows.length ? String(start + limit) : null;
  const url = nextCursor === null ? null : nextPageUrl(request.path, request.query, nextCursor);
  return { status: 200, json: { [key]: rows.slice(start, start + limit), nextCursor, nextPageUrl: url } };
}
