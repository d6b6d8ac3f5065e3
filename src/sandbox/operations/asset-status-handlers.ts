import { objectOf, type JsonObject } from '../../base/json.ts';
import { badFields, fieldError, type Answer, type FieldError } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { editAssetStatus, setAssetStatus, statusesOf } from '../plant/asset-status.ts';
import { isLess } from '../plant/ordered-rows.ts';
import { isoAt, type Plant } from '../plant/plant.ts';
import { idOf, textOf, type Row } from '../plant/row.ts';
import type { World } from '../world.ts';
import { idIn, type Handlers } from './handler.ts';
import { needRow } from './records-api.ts';
import { unknownId } from './references.ts';
import { keyOf } from './search-rows.ts';
import { rowIn, shownPage, shownSingle } from './shown-page.ts';

/** The history of all assets: the source for downtime and availability (FACTS 1.3). Newest first unless asked otherwise. */
function listStatuses({ plant }: World, request: ApiRequest): Answer {
  const sort = request.query.get('sort') ?? '-createdAt';
  const assetIds = new Set(request.query.getAll('assetId').map(Number));
  const rows = assetIds.size === 0 ? all(plant, sort) : ofAssets(plant, assetIds, sort);
  return shownPage('listAssetStatuses', 'assetStatuses', rows, request);
}

function all(plant: Plant, sort: string): readonly Row[] {
  const rows = [...plant.store.ordered('asset-status', sort.replace('-', '')).forwards()];
  return sort.startsWith('-') ? rows.reverse() : rows;
}

function ofAssets(plant: Plant, assetIds: ReadonlySet<number>, sort: string): readonly Row[] {
  const rows = [...assetIds].flatMap((id) => statusesOf(plant, { id }));
  const sorted = rows
    .map((row) => ({ row, key: keyOf(row, sort) }))
    .sort(({ key: left }, { key: right }) =>
      left.value === right.value ? left.id - right.id : isLess(left.value, right.value) ? -1 : 1,
    )
    .map(({ row }) => row);
  return sort.startsWith('-') ? sorted.reverse() : sorted;
}

function createStatus({ plant }: World, request: ApiRequest): Answer {
  const asset = needRow(plant, 'asset', idIn(request, 'assetId'));
  const fields = checked(plant, objectOf(request.body), {});
  const status = setAssetStatus(plant, asset, fields, request.act);
  return shownSingle('createAssetStatus', 'assetStatus', status, 201);
}

function updateStatus({ plant }: World, request: ApiRequest): Answer {
  const row = rowIn(plant, 'asset-status', request, 'assetstatus Not Found');
  const body = objectOf(request.body);
  if (Object.keys(body).length === 0) throw badFields([{ error: 'must not be empty' }]);
  const fields = checked(plant, body, row);
  const isReopened = fields['endedAt'] === null && typeof row['endedAt'] === 'string';
  if (isReopened && hasOpen(plant, row))
    throw badFields([fieldError('the asset has another status now', 'endedAt', undefined)]);
  editAssetStatus(plant, row, fields, request.act);
  return shownSingle('updateAssetStatus', 'assetStatus', row);
}

const hasOpen = (plant: Plant, { assetId = 0 }: Row): boolean =>
  statusesOf(plant, { id: assetId }).some((other) => typeof other['endedAt'] !== 'string');

/** The fields of a status that a body sets, or all that is wrong with it. `row` is what stands there now. */
function checked(plant: Plant, body: JsonObject, row: Row): Row {
  const fields: Row = { ...body };
  for (const field of ['startedAt', 'endedAt'])
    if (typeof fields[field] === 'string') fields[field] = isoAt(Date.parse(fields[field]));
  const errors = [
    ...unknownId(plant, 'asset-custom-status', 'customStatusId', fields['customStatusId']),
    ...orderErrors({ ...row, ...fields }),
    ...(isNameless(fields, row) ? [fieldError("must have required property 'status'", 'status', undefined)] : []),
  ];
  if (errors.length > 0) throw badFields(errors);
  return withBase(plant, fields, row);
}

const isNameless = (fields: Row, row: Row): boolean =>
  idOf(row) === 0 && fields['status'] === undefined && typeof fields['customStatusId'] !== 'number';

function orderErrors({ startedAt, endedAt }: Row): readonly FieldError[] {
  const isTurned = typeof endedAt === 'string' && endedAt < textOf(startedAt);
  return isTurned ? [fieldError('must be after startedAt', 'endedAt', endedAt)] : [];
}

/** A custom status stands for its base status; a plain status of another kind takes it away. */
function withBase(plant: Plant, fields: Row, row: Row): Row {
  const customStatusId = fields['customStatusId'] === undefined ? row['customStatusId'] : fields['customStatusId'];
  if (typeof customStatusId !== 'number') return fields;
  const base = plant.store.remember('asset-custom-status', customStatusId)?.['baseAssetStatus'] ?? null;
  const { status = base } = fields;
  if (status === base) return { ...fields, status: base };
  if (fields['customStatusId'] === undefined) return { ...fields, customStatusId: null };
  throw badFields([fieldError(`is not the base status of the custom status, ${textOf(base)}`, 'status', status)]);
}

export const assetStatusHandlers = {
  listAssetStatuses: listStatuses,
  createAssetStatus: createStatus,
  updateAssetStatus: updateStatus,
} satisfies Partial<Handlers>;
