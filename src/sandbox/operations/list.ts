import { isObject, objectOf, parseJson, type Json, type JsonObject } from '../../base/json.ts';
import { kindEntry, type Kind, type KindEntry } from '../../maintainx/catalogue/index.ts';
import { refused } from '../http/answer.ts';
import { checkFilter, filterOf } from './filters.ts';
import type { Plant } from '../plant/plant.ts';
import { expandOf, isYes, limitOf, onlyKnown, sortOf } from '../http/query.ts';
import { idOf, textOf, wordOf, type Row } from '../plant/row.ts';
import { expandTokens, view } from './view.ts';

/** Order of rows when nobody asks for one. Undocumented, so only for certain: it stays the same. */
const DEFAULT_SORT: Readonly<Partial<Record<Kind, string>>> = {
  'work-order': '-createdAt',
  'work-request': '-updatedAt',
};

/** One page of a kind. */
export function listPage(plant: Plant, kind: Kind, path: string, query: URLSearchParams): JsonObject {
  const entry = kindEntry(kind);
  checkNames(plant, entry, query);
  const limit = limitOf(query);
  const expand = expandOf(query, expandTokens(kind, 'list'));
  const page =
    entry.paging === 'offset' ? offsetPage(plant, entry, query, limit) : keysetPage(plant, entry, query, limit);
  return {
    [entry.listKey]: page.rows.map((row) => view(plant, kind, 'list', row, expand)),
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

function checkNames(plant: Plant, entry: KindEntry, query: URLSearchParams): void {
  const known = [
    ...PAGING,
    ...(entry.sorts.length > 0 ? ['sort'] : []),
    ...(expandTokens(entry.kind, 'list').length > 0 ? ['expand'] : []),
    ...entry.filters.filter((name) => name !== 'customFieldName'),
  ];
  onlyKnown(query, (name) => known.includes(name) || isCustomField(plant, entry, name));
  for (const name of filterNames(query)) checkFilter(entry.kind, name, query.getAll(name));
}

const isCustomField = (plant: Plant, entry: KindEntry, name: string): boolean =>
  entry.filters.includes('customFieldName') &&
  plant.store.all(entry.kind).some((row) => Object.hasOwn(objectOf(row['extraFields']), name));

const filterNames = (query: URLSearchParams): string[] =>
  [...new Set(query.keys())].filter((name) => !['cursor', 'limit', 'sort', 'expand'].includes(name));

function matching(plant: Plant, kind: Kind, query: URLSearchParams): Row[] {
  const statuses = query.getAll('statuses');
  // FACTS 2.3: asking for both answers nothing, without an error.
  if (statuses.includes('CANCELED') && statuses.includes('SKIPPED')) return [];
  const filters = filterNames(query).map((name) => ({ filter: filterOf(kind, name), values: query.getAll(name) }));
  const hidesUpcoming = kind === 'work-order' && !isYes(query.get('show_upcoming'));
  return plant.store
    .all(kind)
    .filter((row) => !(hidesUpcoming && Date.parse(textOf(row['startDate'])) > plant.clock.now()))
    .filter((row) => filters.every(({ filter, values }) => filter(row, values, plant)));
}

/** The cursor is only a number of rows to skip: rows shift when records come and go. */
function offsetPage(plant: Plant, entry: KindEntry, query: URLSearchParams, limit: number): Page {
  const cursor = query.get('cursor') ?? '0';
  if (!/^\d{1,9}$/.test(cursor)) throw refused(400, 'Invalid cursor');
  const sort = sortOf(query, entry.sorts, 'id');
  const rows = sorted(matching(plant, entry.kind, query), sort);
  const end = Number(cursor) + limit;
  return { rows: rows.slice(Number(cursor), end), nextCursor: end < rows.length ? String(end) : null };
}

/** The cursor names the last row shown and carries filters and sort, so that they hold for the whole walk. */
function keysetPage(plant: Plant, entry: KindEntry, query: URLSearchParams, limit: number): Page {
  const place = placeOf(query.get('cursor'));
  const asked = place === undefined ? query : new URLSearchParams(place.query);
  const sort = sortOf(asked, entry.sorts, DEFAULT_SORT[entry.kind] ?? 'id');
  const rows = sorted(matching(plant, entry.kind, asked), sort).filter(
    (row) => place === undefined || compare(keyOf(row, sort), place.after, sort) > 0,
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  if (last === undefined || rows.length <= limit) return { rows: shown, nextCursor: null };
  return { rows: shown, nextCursor: cursorAfter(keyOf(last, sort), asked) };
}

interface Key {
  readonly value: Json;
  readonly id: number;
}

const fieldOf = (sort: string): string => sort.replace(/^-/, '');

/** A missing date sorts as the greatest value, as in PostgreSQL. */
function keyOf(row: Row, sort: string): Key {
  const field = fieldOf(sort);
  return { id: idOf(row), value: field === 'id' ? idOf(row) : (row[field] ?? '~') };
}

function compare(left: Key, right: Key, sort: string): number {
  const byValue = left.value === right.value ? left.id - right.id : isLess(left.value, right.value) ? -1 : 1;
  return sort.startsWith('-') ? -byValue : byValue;
}

const isLess = (left: Json, right: Json): boolean =>
  typeof left === 'number' && typeof right === 'number' ? left < right : wordOf(left) < wordOf(right);

function sorted(rows: Row[], sort: string): Row[] {
  return rows
    .map((row) => ({ row, key: keyOf(row, sort) }))
    .sort((left, right) => compare(left.key, right.key, sort))
    .map(({ row }) => row);
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
