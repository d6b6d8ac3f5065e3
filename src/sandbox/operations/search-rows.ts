import type { Json } from '../../base/json.ts';
import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import { isYes } from '../http/query.ts';
import { isLess, sortKey, type OrderedRows } from '../plant/ordered-rows.ts';
import type { Plant } from '../plant/plant.ts';
import { idOf, type Row } from '../plant/row.ts';
import { filterNames, filterOf, timeBounds } from './filters.ts';
import { groupsOf, rowsWithWords } from './grouped-filters.ts';

/** Where a row stands in a sort. */
export interface Key {
  readonly value: Json;
  readonly id: number;
}

const fieldOf = (sort: string): string => sort.replace(/^-/, '');
const isDescending = (sort: string): boolean => sort.startsWith('-');

export const keyOf = (row: Row, sort: string): Key => ({
  id: idOf(row),
  value: fieldOf(sort) === 'id' ? idOf(row) : sortKey(row[fieldOf(sort)]),
});

function compare(left: Key, right: Key, sort: string): number {
  const byValue = left.value === right.value ? left.id - right.id : isLess(left.value, right.value) ? -1 : 1;
  return isDescending(sort) ? -byValue : byValue;
}

/** Rows in the order asked for: some by hand, or a stretch of one of the store's orders. */
interface Search {
  readonly sort: string;
  readonly passes: ((row: Row) => boolean) | undefined;
  readonly rows: readonly Row[] | Stretch;
}

interface Stretch {
  readonly order: OrderedRows;
  readonly first: number;
  readonly end: number;
}

export function searchOf(plant: Plant, kind: CoreKind, query: URLSearchParams, sort: string): Search {
  const passes = predicateOf(plant, kind, query);
  if (passes === 'nothing') return { sort, passes: undefined, rows: [] };
  const few = fewOf(plant, kind, query);
  const rows = few === undefined ? stretchOf(plant, kind, fieldOf(sort), query) : sorted(few, sort);
  return { sort, passes, rows };
}

function predicateOf(
  plant: Plant,
  kind: CoreKind,
  query: URLSearchParams,
): ((row: Row) => boolean) | undefined | 'nothing' {
  const statuses = query.getAll('statuses');
  // FACTS 2.3: asking for both answers nothing, without an error.
  if (statuses.includes('CANCELED') && statuses.includes('SKIPPED')) return 'nothing';
  const filters = filterNames(query).map((name) => filterOf(plant, kind, name, query));
  if (kind === 'work-order' && !isYes(query.get('show_upcoming'))) filters.push(startsBefore(plant.clock.now()));
  const [first, ...more] = filters;
  return first === undefined ? undefined : more.reduce((left, right) => (row) => left(row) && right(row), first);
}

const startsBefore = (now: number) => (row: Row) => {
  const start = row['startDate'];
  return typeof start !== 'string' || !(Date.parse(start) > now);
};

/** So many rows are sorted in no time; more are walked in an order that stands. */
const FEW = 4000;

/** A small group of rows with everything asked for in it, when there is one. */
function fewOf(plant: Plant, kind: CoreKind, query: URLSearchParams): Iterable<Row> | undefined {
  for (const name of filterNames(query)) {
    const groups = groupsOf(plant, kind, name, query.getAll(name));
    if (groups !== undefined && groups.reduce((sum, group) => sum + group.size, 0) <= FEW) return uniqueRows(groups);
    const worded = rowsWithWords(plant, kind, name, query.get(name) ?? '', FEW);
    if (worded !== undefined) return worded;
  }
  for (const field of ['updatedAt', 'createdAt'].filter((one) => isBounded(query, one))) {
    const { order, first, end } = stretchOf(plant, kind, field, query);
    if (end - first <= FEW) return order.forwards(first, end);
  }
  return undefined;
}

const isBounded = (query: URLSearchParams, field: string): boolean =>
  query.has(`${field}[gte]`) || query.has(`${field}[lte]`);

/** Rows with a list may stand in several groups. */
const uniqueRows = (groups: readonly OrderedRows[]): Iterable<Row> =>
  new Set(groups.flatMap((group) => [...group.forwards()]));

function sorted(rows: Iterable<Row>, sort: string): Row[] {
  return Array.from(rows, (row) => ({ row, key: keyOf(row, sort) }))
    .sort((left, right) => compare(left.key, right.key, sort))
    .map(({ row }) => row);
}

/** The store's order by this field, as far as the query's times reach. */
function stretchOf(plant: Plant, kind: CoreKind, field: string, query: URLSearchParams): Stretch {
  const order = plant.store.ordered(kind, field);
  if (!isBounded(query, field)) return { order, first: 0, end: order.size };
  const { least, most } = timeBounds(query, field);
  return { order, first: order.rankOf(least, 0), end: order.rankOf(most, Infinity) };
}

const isList = (rows: Search['rows']): rows is readonly Row[] => Array.isArray(rows);

/** Up to `count` rows, those left out that come first. */
export function rowsAt({ sort, passes, rows }: Search, skipped: number, count: number): Row[] {
  if (isList(rows)) return (passes === undefined ? rows : rows.filter(passes)).slice(skipped, skipped + count);
  if (passes !== undefined) return walked(rows, sort, passes, skipped, count);
  const { order, first, end } = rows;
  const rest = isDescending(sort) ? { order, first, end: end - skipped } : { order, first: first + skipped, end };
  return walked(rest, sort, undefined, 0, count);
}

/** Up to `count` rows that come after the key. */
export function rowsAfter({ sort, passes, rows }: Search, after: Key | undefined, count: number): Row[] {
  if (after === undefined) return rowsAt({ sort, passes, rows }, 0, count);
  if (isList(rows)) {
    const rest = rows.filter((row) => compare(keyOf(row, sort), after, sort) > 0);
    return rowsAt({ sort, passes, rows: rest }, 0, count);
  }
  const { order, first, end } = rows;
  const rest = isDescending(sort)
    ? { order, first, end: Math.min(end, order.rankOf(after.value, after.id)) }
    : { order, first: Math.max(first, order.rankOf(after.value, after.id + 1)), end };
  return walked(rest, sort, passes, 0, count);
}

function walked(
  { order, first, end }: Stretch,
  sort: string,
  passes: Search['passes'],
  skipped: number,
  count: number,
): Row[] {
  const found: Row[] = [];
  let left = skipped;
  order.visit(first, end, isDescending(sort), (row) => {
    if (passes === undefined || passes(row)) if (left-- <= 0) found.push(row);
    return found.length === count;
  });
  return found;
}
