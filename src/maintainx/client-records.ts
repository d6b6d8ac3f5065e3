import { isObject, objectOf, type Json, type JsonObject } from '../base/json.ts';
import {
  coreEntry,
  isCoreKind,
  isListedKind,
  kindEntry,
  SECTION_FIELD,
  type CoreEntry,
  type CoreKind,
  type Creates,
  type Kind,
  type ListedEntry,
  type ListedKind,
  type NestedKind,
  type NestedRows,
  type Rows,
  type SingleKind,
  type Singles,
  type Updates,
} from './catalogue/index.ts';
import { raiseMaintainx } from './errors.ts';
import { exchange } from './operation-call.ts';
import { operationAt, type OperationName } from './operations.ts';
import { cursorOf, follow, type Page } from './paging.ts';
import type { Connection, Reply } from './transport.ts';

export interface ListOptions {
  /** Rows a page, 1 to 200; default 200. */
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly sort?: string | undefined;
  readonly updatedSince?: number | undefined;
  /** Epoch milliseconds, as above. */
  readonly createdSince?: number | undefined;
  readonly createdUntil?: number | undefined;
  /** Default: all that the catalogue sends for the kind. */
  readonly expand?: readonly string[];
}

/** A list row or record as it came: typed by the specification, with every field that MaintainX added. */
export type Received<Shape> = Shape & JsonObject;

/** What is asked of every kind alike. */
export interface RecordCalls {
  list<K extends ListedKind>(kind: K, options?: ListOptions): Promise<Page<Received<Rows[K]>>>;
  /** All pages from `options.cursor` on; ends with an error when MaintainX repeats a cursor. */
  pages<K extends ListedKind>(kind: K, options?: ListOptions): AsyncGenerator<Page<Received<Rows[K]>>>;
  get<K extends SingleKind>(kind: K, id: number | string): Promise<Received<Singles[K]>>;
  /** All rows that hang on a record, whatever their number; `maintainx-not-found` when there is no such record. */
  rowsOf<K extends NestedKind>(kind: K, parentId: number | string): Promise<readonly Received<NestedRows[K]>[]>;
  /** The new record's id. */
  create<K extends CoreKind>(kind: K, body: Creates[K]): Promise<string>;
  update<K extends CoreKind>(kind: K, id: number | string, body: Updates[K]): Promise<JsonObject>;
  remove(kind: CoreKind, id: number | string): Promise<void>;
}

export function recordsOver(connection: Connection): RecordCalls {
  const list: RecordCalls['list'] = async (kind, options = {}) => {
    const { sections } = listedEntry(kind);
    const page =
      sections === undefined
        ? pageOf(kind, await exchange(connection, listOf(kind), { query: listQuery(kind, options) }))
        : await sectionOf(connection, kind, sections, options.cursor);
    return page as Page<Received<Rows[typeof kind]>>;
  };
  return {
    list,
    pages: (kind, options = {}) =>
      follow((cursor) => list(kind, { ...options, cursor }), `GET ${listedEntry(kind).path}`, options.cursor),
    get: async (kind, id) => {
      const { path, singleKey, get, operations } = listedEntry(kind);
      if (singleKey === null || operations.get === undefined)
        throw invalidKind(kind, 'has no records that can be read alone');
      const input = { path: { id }, query: { expand: get.expand } };
      const { body } = await exchange(connection, operations.get, input);
      const record = objectOf(body[singleKey]);
      if (idOf(record, kind) !== String(id)) throw unreadable(`GET ${path}/{id}`, 'another record');
      return record as Received<Singles[typeof kind]>;
    },
    rowsOf: (kind, parentId) => nestedRows(connection, kind, parentId),
    create: async (kind, body) =>
      idOf((await exchange(connection, operationAt('POST', written(kind).path), { body })).body, kind),
    update: async (kind, id, body) => {
      const { path, singleKey } = written(kind);
      const input = { path: { id }, body };
      return objectOf((await exchange(connection, operationAt('PATCH', `${path}/{id}`), input)).body[singleKey]);
    },
    remove: async (kind, id) => {
      await exchange(connection, operationAt('DELETE', `${written(kind).path}/{id}`), { path: { id } });
    },
  };
}

function listedEntry(kind: ListedKind): ListedEntry {
  if (!isListedKind(kind)) throw invalidKind(kind, 'is no kind of record');
  return kindEntry(kind);
}

function written(kind: CoreKind): CoreEntry {
  if (!isCoreKind(kind)) throw invalidKind(kind, 'is no kind of record that can be written');
  return coreEntry(kind);
}

const invalidKind = (kind: Kind, why: string): Error => raiseMaintainx('maintainx-call-invalid', `${kind} ${why}`);

const listOf = (kind: ListedKind): OperationName => listedEntry(kind).operations.list;

/** A time that no date holds becomes null, which fits no filter. What is none of our options is for the check to refuse. */
function listQuery(kind: ListedKind, options: ListOptions): LooseQuery {
  const { limit = 200, cursor, sort, updatedSince, createdSince, createdUntil, expand, ...others } = options;
  return {
    ...others,
    limit,
    cursor,
    sort,
    'updatedAt[gte]': dateOf(updatedSince),
    'createdAt[gte]': dateOf(createdSince),
    'createdAt[lte]': dateOf(createdUntil),
    expand: expand ?? listedEntry(kind).list.expand,
  };
}

const dateOf = (time: number | undefined): Date | undefined => (time === undefined ? undefined : new Date(time));

type LooseQuery = Readonly<Record<string, unknown>>;

function pageOf(kind: ListedKind, { body, serverTime }: Reply): Page<JsonObject> {
  return { rows: arrayOf(body[listedEntry(kind).listKey]), nextCursor: cursorOf(body), serverTime };
}

/** A page of a list that comes in parts: the cursor is the name of the part. */
async function sectionOf(
  connection: Connection,
  kind: ListedKind,
  sections: readonly string[],
  cursor: string | undefined,
): Promise<Page<JsonObject>> {
  const section = cursor ?? sections[0];
  const reply = await exchange(connection, listOf(kind), { path: { [SECTION_FIELD]: section } });
  const rows = arrayOf(reply.value).map((row) => ({ ...row, [SECTION_FIELD]: section ?? null }));
  return { rows, nextCursor: sections[sections.indexOf(section ?? '') + 1] ?? null, serverTime: reply.serverTime };
}

async function nestedRows<K extends NestedKind>(
  connection: Connection,
  kind: K,
  parentId: number | string,
): Promise<readonly Received<NestedRows[K]>[]> {
  const { path, listKey, paging, operations } = kindEntry(kind);
  const rows: JsonObject[] = [];
  const read = async (cursor: string | undefined): Promise<Page<JsonObject>> => {
    const query = paging === 'none' ? {} : { limit: 200, cursor };
    const { body, serverTime } = await exchange(connection, operations.list, { path: { id: parentId }, query });
    const told = body[listKey];
    // Costs come as a total with rows.
    const page = arrayOf(isObject(told) ? told['rows'] : told);
    return { rows: page, nextCursor: paging === 'none' ? null : cursorOf(body), serverTime };
  };
  for await (const page of follow(read, `GET ${path}`)) rows.push(...page.rows);
  return rows as Received<NestedRows[K]>[];
}

export const arrayOf = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** The id in an answer, as text; `maintainx-unreadable` without one. */
export function idOf(body: JsonObject, what: string): string {
  const id = body['id'];
  if (typeof id !== 'number' && typeof id !== 'string') throw unreadable(`the answer for a ${what}`, 'no id');
  return String(id);
}

export const unreadable = (what: string, why: string): Error =>
  raiseMaintainx('maintainx-unreadable', `${what} answered 2xx with ${why}`);
