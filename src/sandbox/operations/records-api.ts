import { isObject } from '../../base/json.ts';
import { kindEntry, type Kind } from '../../maintainx/catalogue/index.ts';
import { badFields, fieldError, refused, type Answer } from '../http/answer.ts';
import { createRecord } from '../plant/create.ts';
import { fieldsFrom } from './intake.ts';
import { listPage } from './list.ts';
import type { Act, Plant } from '../plant/plant.ts';
import { expandOf, isYes, onlyKnown } from '../http/query.ts';
import { removeRecord } from '../plant/remove.ts';
import type { ApiRequest } from '../http/request.ts';
import { idOf, numberOf, wordOf, type Row } from '../plant/row.ts';
import { updateRecord } from '../plant/update.ts';
import { checkBody } from './validate.ts';
import { expandTokens, view } from './view.ts';
import { approveRequest } from '../plant/work-request-status.ts';

/** The five operations that every kind has. */

export function listRecords(plant: Plant, kind: Kind, request: ApiRequest): Answer {
  return { status: 200, json: listPage(plant, kind, request.path, request.query) };
}

export function getRecord(plant: Plant, kind: Kind, id: string, request: ApiRequest): Answer {
  const tokens = expandTokens(kind, 'get');
  const known = [...(tokens.length > 0 ? ['expand'] : []), ...(kind === 'work-order' ? ['useSequentialId'] : [])];
  onlyKnown(request.query, (name) => known.includes(name));
  const expand = expandOf(request.query, tokens);
  const row = isYes(request.query.get('useSequentialId')) ? bySequentialId(plant, id) : findRow(plant, kind, id);
  if (row === undefined) throw refused(404, 'Not Found.');
  return wrapped(plant, kind, row, expand);
}

/** Answers the record under its key. */
export function wrapped(plant: Plant, kind: Kind, row: Row, expand: ReadonlySet<string> = new Set()): Answer {
  return { status: 200, json: { [kindEntry(kind).singleKey]: view(plant, kind, 'get', row, expand) } };
}

/** An id that is no number is refused before anything is looked up. */
function findRow(plant: Plant, kind: Kind, id: string): Row | undefined {
  if (!/^\d{1,15}$/.test(id)) throw badFields([fieldError('must be integer', 'id', id)]);
  return plant.store.get(kind, Number(id));
}

const bySequentialId = (plant: Plant, id: string): Row | undefined =>
  plant.store.all('work-order').find((row) => wordOf(row['sequentialId']) === id);

/** The record, or the 404 of a write. */
export function needRow(plant: Plant, kind: Kind, id: string): Row {
  const row = findRow(plant, kind, id);
  if (row === undefined) throw refused(404, `${kindEntry(kind).singleKey} Not Found`);
  return row;
}

export function onlySkipWebhook(request: ApiRequest): void {
  onlyKnown(request.query, (name) => name === 'skipWebhook');
}

export function postRecord(plant: Plant, kind: Kind, request: ApiRequest): Answer {
  onlySkipWebhook(request);
  const body = checkBody(plant, kind, 'create', request.body);
  const act: Act = body['skipRestHook'] === true ? { ...request.act, quiet: true } : request.act;
  const row = createRecord(plant, kind, fieldsFrom(plant, kind, body, undefined), act);
  if (kind === 'work-order') approveRequest(plant, numberOf(body['workRequestId']), row, act);
  const { createStatus } = kindEntry(kind);
  if (kind === 'purchase-order') return { status: createStatus, json: view(plant, kind, 'get', row, new Set()) };
  return { status: createStatus, json: { id: idOf(row) } };
}

export function patchRecord(plant: Plant, kind: Kind, id: string, request: ApiRequest): Answer {
  const tokens = kind === 'work-order' ? expandTokens(kind, 'get') : [];
  onlyKnown(request.query, (name) => name === 'skipWebhook' || (name === 'expand' && tokens.length > 0));
  const expand = expandOf(request.query, tokens);
  const row = needRow(plant, kind, id);
  const body = checkBody(plant, kind, 'update', request.body);
  if (!isObject(request.body) || Object.keys(body).length === 0) throw badFields([{ error: 'must not be empty' }]);
  updateRecord(plant, kind, row, fieldsFrom(plant, kind, body, row), request.act);
  return wrapped(plant, kind, row, expand);
}

export function deleteRecord(plant: Plant, kind: Kind, id: string, request: ApiRequest): Answer {
  onlySkipWebhook(request);
  removeRecord(plant, kind, needRow(plant, kind, id), request.act);
  return { status: 204 };
}
