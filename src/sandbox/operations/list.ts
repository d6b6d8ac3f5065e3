import { isObject, parseJson, type JsonObject } from '../../base/json.ts';
import { coreEntry, type CoreKind, type CoreEntry } from '../../maintainx/catalogue/index.ts';
import { refused } from '../http/answer.ts';
import { isCustomField } from './custom-field.ts';
import { checkFilter, filterNames } from './filters.ts';
import type { Plant } from '../plant/plant.ts';
import { expandOf, limitOf, onlyKnown, sortOf } from '../http/query.ts';
import type { Row } from '../plant/row.ts';
import { listedSearch, listedVersion } from './listed-search.ts';
import { keyOf, rowsAfter, rowsAt, type Key } from './search-rows.ts';
import { expandTokens, viewer } from './view.ts';

/** Order of rows when nobody asks for one. Undocumented, so only for certain: it stays the same. */
const DEFAULT_SORT: Readonly<Partial<Record<CoreKind, string>>> = {
  'work-order': '-createdAt',
  'work-request': '-updatedAt',
};

/** One page of a kind. */
export function listPage(plant: Plant, kind: CoreKind, path: string, query: URLSearchParams): JsonObject {
  const entry = coreEntry(kind);
  checkNames(plant, entry, query);
  const limit = limitOf(query);
  const expand = expandOf(query, expandTokens(kind, 'list'));
  const page =
    entry.paging === 'offset' ? offsetPage(plant, entry, query, limit) : keysetPage(plant, entry, query, limit);
  return {
    [entry.listKey]: page.rows.map(listedVersion(plant, kind)).map(viewer(plant, kind, 'list', expand)),
    nextCursor: page.nextCursor,
    nextPageUrl: page.nextCursor === null ? null : nextPageUrl(path, query, page.nextCursor),
  };
}

interface Page {
  readonly rows: readonly Row[];
  readonly nextCursor: string | null;
}

/** MaintainX gives a path with query, not a whole URL (FACTS 2.3). */
export function nextPageUrl(path: string, query: URLSearchParams, cursor: string): string {
  const next = new URLSearchParams(query);
  next.set('cursor', cursor);
  return `${path}?${next.toString()}`;
}

const PAGING = ['cursor', 'limit'];

function checkNames(plant: Plant, entry: CoreEntry, query: URLSearchParams): void {
  const known = [
    ...PAGING,
    ...(entry.sorts.length > 0 ? ['sort'] : []),
    ...(expandTokens(entry.kind, 'list').length > 0 ? ['expand'] : []),
    ...entry.filters.filter((name) => name !== 'customFieldName'),
  ];
  onlyKnown(query, (name) => known.includes(name) || isCustomField(plant, entry.path, name));
  for (const name of filterNames(query)) checkFilter(entry.kind, name, query.getAll(name));
}

/** The cursor is only a number of rows to skip: rows shift when records come and go. */
function offsetPage(plant: Plant, entry: CoreEntry, query: URLSearchParams, limit: number): Page {
  const cursor = query.get('cursor') ?? '0';
  if (!/^\d{1,9}$/.test(cursor)) throw refused(400, 'Invalid cursor');
  const sort = sortOf(query, entry.sorts, 'id');
  const rows = rowsAt(listedSearch(plant, entry.kind, query, sort), Number(cursor), limit + 1);
  const shown = rows.slice(0, limit);
  return { rows: shown, nextCursor: rows.length > limit ? String(Number(cursor) + limit) : null };
}

/** The cursor names the last row shown and carries filters and sort, so that they hold for the whole walk. */
function keysetPage(plant: Plant, entry: CoreEntry, query: URLSearchParams, limit: number): Page {
  const place = placeOf(query.get('cursor'));
  const asked = place === undefined ? query : new URLSearchParams(place.query);
  // A cursor is in the caller's hands: what it carries is checked like what he asks for.
  if (place !== undefined) checkNames(plant, entry, asked);
  const sort = sortOf(asked, entry.sorts, DEFAULT_SORT[entry.kind] ?? 'id');
  const rows = rowsAfter(listedSearch(plant, entry.kind, asked, sort), place?.after, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  if (last === undefined || rows.length <= limit) return { rows: shown, nextCursor: null };
  return { rows: shown, nextCursor: cursorAfter(keyOf(last, sort), asked) };
}

function cursorAfter(key: Key, query: URLSearchParams): string {
  const kept = new URLSearchParams(query);
  for (const name of ['cursor', 'limit', 'expand']) kept.delete(name);
  const text = JSON.stringify({ value: key.value, id: key.id, query: kept.toString() });
  return Buffer.from(text, 'utf8').toString('base64url');
}

function placeOf(cursor: string | null): { readonly after: Key; readonly query: string } | undefined {
  if (cursor === null) return undefined;
  const parsed = parseJson(Buffer.from(cursor, 'base64url').toString('utf8'));
  const place = 'value' in parsed && isObject(parsed.value) ? parsed.value : {};
  const { id, value, query } = place;
  if (typeof id !== 'number' || value === undefined || typeof query !== 'string') throw refused(400, 'Invalid cursor');
  return { after: { id, value }, query };
}
