import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import { nextPageUrl } from '../operations/list.ts';
import { idOf, objectsOf, wordOf } from '../plant/row.ts';
import type { World } from '../world.ts';
import { refused, type Answer } from './answer.ts';
import { limitOf } from './query.ts';
import type { RawRequest } from './request.ts';
import { answerOf } from './routes.ts';

/** One list of several organisations (`x-organization-ids`); each row names its own. The cursor is an offset. */
export function mergedList(worlds: readonly World[], request: RawRequest): Answer {
  const limit = limitOf(request.query);
  const cursor = request.query.get('cursor') ?? '0';
  if (!/^\d{1,9}$/.test(cursor)) throw refused(400, 'Invalid cursor');
  const lists = worlds.map((world) => wholeList(world, request));
  const wrong = lists.find((list) => 'answer' in list);
  if (wrong !== undefined && 'answer' in wrong) return wrong.answer;
  const whole = lists.flatMap((list) => ('rows' in list ? [list] : []));
  const rows = ordered(
    whole.flatMap((list) => list.rows),
    request.query.get('sort'),
  );
  const end = Number(cursor) + limit;
  const next = end < rows.length ? String(end) : null;
  return {
    status: 200,
    json: {
      [whole[0]?.key ?? 'rows']: rows.slice(Number(cursor), end),
      nextCursor: next,
      nextPageUrl: next === null ? null : nextPageUrl(request.path, request.query, next),
    },
  };
}

type WholeList = { readonly key: string; readonly rows: readonly JsonObject[] } | { readonly answer: Answer };

function wholeList(world: World, request: RawRequest): WholeList {
  const rows: JsonObject[] = [];
  const query = new URLSearchParams(request.query);
  query.set('limit', '200');
  query.delete('cursor');
  const act = { ...request.act, userId: world.integrationUserId };
  for (;;) {
    const answer = answerOf(world, { ...request, act, query });
    if (answer.status !== 200 || !isObject(answer.json)) return { answer };
    const [key = '', page] = Object.entries(answer.json).find(([, value]) => Array.isArray(value)) ?? [];
    for (const row of objectsOf(page)) rows.push({ ...row, organizationId: world.organization.id });
    const { nextCursor } = answer.json;
    if (typeof nextCursor !== 'string') return { key, rows };
    query.set('cursor', nextCursor);
  }
}

function ordered(rows: readonly JsonObject[], sort: string | null): readonly JsonObject[] {
  if (sort === null) return rows;
  const field = sort.replace(/^-/, '');
  const sign = sort.startsWith('-') ? -1 : 1;
  return rows.toSorted((left, right) => sign * (compared(left[field], right[field]) || idOf(left) - idOf(right)));
}

function compared(left: Json | undefined, right: Json | undefined): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [first, second] = [wordOf(left), wordOf(right)];
  return first < second ? -1 : first > second ? 1 : 0;
}
