import { objectOf } from '../../base/json.ts';
import { coreEntry, type CoreKind } from '../../maintainx/catalogue/index.ts';
import { badFields, refused, type Answer } from '../http/answer.ts';
import { createRecord } from '../plant/create.ts';
import { fieldsFrom } from './intake.ts';
import { idIn, type Handler } from './handler.ts';
import { listPage } from './list.ts';
import type { Act, Plant } from '../plant/plant.ts';
import { isYes } from '../http/query.ts';
import { removeRecord } from '../plant/remove.ts';
import type { ApiRequest } from '../http/request.ts';
import { idOf, numberOf, wordOf, type Row } from '../plant/row.ts';
import { updateRecord } from '../plant/update.ts';
import { checkBody } from './validate.ts';
import { view } from './view.ts';
import { approveRequest } from '../plant/work-request-status.ts';

/** The five operations of a mirrored kind. */
export function recordOperations(
  kind: CoreKind,
): Readonly<Record<'list' | 'get' | 'create' | 'update' | 'remove', Handler>> {
  return {
    list: ({ plant }, { path, query }) => ({ status: 200, json: listPage(plant, kind, path, query) }),
    get: ({ plant }, request) => getRecord(plant, kind, request),
    create: ({ plant }, request) => postRecord(plant, kind, request),
    update: ({ plant }, request) => patchRecord(plant, kind, request),
    remove: ({ plant }, request) => {
      removeRecord(plant, kind, needRow(plant, kind, idIn(request)), request.act);
      return { status: 204 };
    },
  };
}

function getRecord(plant: Plant, kind: CoreKind, request: ApiRequest): Answer {
  const row = isYes(request.query.get('useSequentialId'))
    ? bySequentialId(plant, request.params['id'] ?? '')
    : plant.store.get(kind, idIn(request));
  if (row === undefined) throw refused(404, 'Not Found.');
  return wrapped(plant, kind, row, expandOf(request));
}

const expandOf = ({ query }: ApiRequest): ReadonlySet<string> => new Set(query.getAll('expand'));

/** Answers the record under its key. */
export function wrapped(plant: Plant, kind: CoreKind, row: Row, expand: ReadonlySet<string> = new Set()): Answer {
  return { status: 200, json: { [coreEntry(kind).singleKey]: view(plant, kind, 'get', row, expand) } };
}

/** Ids are given in the same order as these numbers. */
function bySequentialId(plant: Plant, id: string): Row | undefined {
  const first = plant.store.peekId('work-order') - plant.store.issued('work-order');
  const row = plant.store.get('work-order', first + Number(id) - 1);
  return wordOf(row?.['sequentialId']) === id ? row : undefined;
}

/** The record, or the 404 of a write. */
export function needRow(plant: Plant, kind: CoreKind, id: number): Row {
  const row = plant.store.get(kind, id);
  if (row === undefined) throw refused(404, `${coreEntry(kind).singleKey} Not Found`);
  return row;
}

function postRecord(plant: Plant, kind: CoreKind, request: ApiRequest): Answer {
  const body = checkBody(plant, kind, 'create', request.body);
  const act: Act = body['skipRestHook'] === true ? { ...request.act, quiet: true } : request.act;
  const row = createRecord(plant, kind, fieldsFrom(plant, kind, body, undefined), act);
  if (kind === 'work-order') approveRequest(plant, numberOf(body['workRequestId']), row, act);
  const { createStatus } = coreEntry(kind);
  if (kind === 'purchase-order') return { status: createStatus, json: view(plant, kind, 'get', row, new Set()) };
  return { status: createStatus, json: { id: idOf(row) } };
}

function patchRecord(plant: Plant, kind: CoreKind, request: ApiRequest): Answer {
  const row = needRow(plant, kind, idIn(request));
  const body = checkBody(plant, kind, 'update', request.body);
  if (Object.keys(objectOf(body)).length === 0) throw badFields([{ error: 'must not be empty' }]);
  updateRecord(plant, kind, row, fieldsFrom(plant, kind, body, row), request.act);
  removeIfDeleted(plant, kind, row, request);
  return wrapped(plant, kind, row, expandOf(request));
}

/** Parts and purchase orders can be deleted by writing when they were. */
export function removeIfDeleted(plant: Plant, kind: CoreKind, row: Row, { body, act }: ApiRequest): void {
  const { deletedAt } = objectOf(body);
  if (typeof deletedAt !== 'string') return;
  row['deletedAt'] = deletedAt;
  removeRecord(plant, kind, row, act);
}
