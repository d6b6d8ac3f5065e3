import { objectOf, type JsonObject } from '../../base/json.ts';
import {
  isCoreKind,
  kindEntry,
  SECTION_FIELD,
  type Kind,
  type ListedEntry,
  type NestedEntry,
} from '../../maintainx/catalogue/index.ts';
import type { OperationName } from '../http/operation.ts';
import type { ApiRequest } from '../http/request.ts';
import { idOf, listOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import type { World } from '../world.ts';
import type { Answer } from '../http/answer.ts';
import { HANDLERS } from './handlers.ts';
import { fullRecord } from './view.ts';

/**
 * Every living record of a kind as its single GET shows it, with the expands that the catalogue sends: what a true copy
 * holds. Rows that hang on a record are one record, under its id; records without rows are left out.
 */
export function wholeKind(world: World, kind: Kind): readonly Row[] {
  if (isCoreKind(kind)) return world.plant.store.all(kind).map((row) => fullRecord(world.plant, kind, row));
  const entry = kindEntry(kind);
  return entry.nesting === undefined ? listedRows(world, entry) : nestedRows(world, entry);
}

function listedRows(
  world: World,
  { operations, listKey, sections, singleKey, list, get }: ListedEntry,
): readonly Row[] {
  if (sections !== undefined)
    return sections.flatMap((section) =>
      listOf(ask(world, operations.list, { [SECTION_FIELD]: section }, []).json ?? null).map((row) => ({
        ...objectOf(row),
        [SECTION_FIELD]: section,
      })),
    );
  const rows = allPages(world, operations.list, {}, list.expand, listKey);
  const { get: single } = operations;
  if (single === undefined || singleKey === null) return rows;
  return rows.map((row) => ({
    ...objectOf(objectOf(ask(world, single, { id: String(idOf(row)) }, get.expand).json)[singleKey]),
  }));
}

function nestedRows(world: World, { operations, listKey, paging, nesting }: NestedEntry): readonly Row[] {
  const parents = wholeKind(world, nesting.parent);
  return parents.flatMap((parent) => {
    const params = { id: String(idOf(parent)) };
    const rows =
      paging === 'none'
        ? objectsOf(objectOf(objectOf(ask(world, operations.list, params, []).json)[listKey])['rows'])
        : allPages(world, operations.list, params, [], listKey);
    return rows.length === 0 ? [] : [{ id: idOf(parent), rows: rows.map((row) => ({ ...row })) }];
  });
}

function allPages(
  world: World,
  operation: OperationName,
  params: Readonly<Record<string, string>>,
  expand: readonly string[],
  listKey: string,
): Row[] {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page: JsonObject = objectOf(ask(world, operation, params, expand, cursor).json);
    rows.push(...objectsOf(page[listKey]).map((row) => ({ ...row })));
    cursor = textOf(page['nextCursor']) || undefined;
  } while (cursor !== undefined);
  return rows;
}

const MOST_ROWS = '200';

function ask(
  world: World,
  operation: OperationName,
  params: Readonly<Record<string, string>>,
  expand: readonly string[],
  cursor?: string,
): Answer {
  const query = new URLSearchParams({ limit: MOST_ROWS });
  if (cursor !== undefined) query.set('cursor', cursor);
  for (const token of expand) query.append('expand', token);
  const request: ApiRequest = {
    method: 'GET',
    path: '/v1',
    query,
    bytes: new Uint8Array(),
    contentType: '',
    act: { userId: world.integrationUserId, quiet: true },
    organizations: [],
    params,
    body: undefined,
  };
  return HANDLERS[operation](world, request);
}
