import { objectOf } from '../../base/json.ts';
import { refused, type Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { setAssetStatus } from '../plant/asset-status.ts';
import type { Plant } from '../plant/plant.ts';
import { setPurchaseOrderStatus, TRANSITIONS } from '../plant/purchase-order-status.ts';
import { pick, textOf } from '../plant/row.ts';
import { setWorkOrderStatus } from '../plant/work-order-status.ts';
import { idIn } from './handler.ts';
import { needRow, wrapped } from './records-api.ts';

/** Takes every status but SKIPPED (FACTS 2.4). */
export function patchWorkOrderStatus(plant: Plant, request: ApiRequest): Answer {
  const row = needRow(plant, 'work-order', idIn(request));
  setWorkOrderStatus(plant, row, textOf(objectOf(request.body)['status']), request.act);
  return wrapped(plant, 'work-order', row);
}

export function postAssetStatus(plant: Plant, request: ApiRequest): Answer {
  const asset = needRow(plant, 'asset', idIn(request, 'assetId'));
  const body = objectOf(request.body);
  const status = setAssetStatus(plant, asset, pick(body, Object.keys(body)), request.act);
  const told = ['id', 'status', 'downtimeType', 'startedAt', 'customStatusId', 'updatedAt'];
  return { status: 201, json: { assetStatus: pick(status, told) } };
}

export function patchPurchaseOrderStatus(plant: Plant, request: ApiRequest): Answer {
  const row = needRow(plant, 'purchase-order', idIn(request));
  const body = objectOf(request.body);
  const [from, to] = [textOf(row['status']), textOf(body['status'])];
  if (from !== to && !(TRANSITIONS[from] ?? []).includes(to))
    throw refused(400, `Cannot change status from ${from} to ${to}`);
  setPurchaseOrderStatus(plant, row, to, request.act, body['reviewNote']);
  return wrapped(plant, 'purchase-order', row);
}
