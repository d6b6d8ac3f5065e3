import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import { setAssetStatus } from '../plant/asset-status.ts';
import { badFields, fieldError, refused, type Answer } from '../http/answer.ts';
import type { Plant } from '../plant/plant.ts';
import { setPurchaseOrderStatus, TRANSITIONS } from '../plant/purchase-order-status.ts';
import { needRow, onlySkipWebhook, wrapped } from './records-api.ts';
import type { ApiRequest } from '../http/request.ts';
import { pick, textOf } from '../plant/row.ts';
import { checkType } from './validate.ts';
import { setWorkOrderStatus } from '../plant/work-order-status.ts';

/** Checks a small body against its fields; `!` in front of a type: required. */
export function smallBody(body: Json | undefined, types: Readonly<Record<string, string>>): JsonObject {
  if (!isObject(body)) throw badFields([{ error: 'must be object' }]);
  const errors = [
    ...Object.entries(types)
      .filter(([field, type]) => type.startsWith('!') && body[field] === undefined)
      .map(([field]) => ({ error: `must have required property '${field}'`, fieldPath: field })),
    ...Object.entries(body).flatMap(([field, value]) => {
      const type = types[field];
      return type === undefined
        ? [fieldError('is not allowed', field, value)]
        : checkType(field, value, type.replace('!', ''));
    }),
  ];
  if (errors.length > 0) throw badFields(errors);
  return body;
}

/** Takes every status but SKIPPED (FACTS 2.4). */
export function patchWorkOrderStatus(plant: Plant, id: string, request: ApiRequest): Answer {
  onlySkipWebhook(request);
  const row = needRow(plant, 'work-order', id);
  const body = smallBody(request.body, { status: '!OPEN|IN_PROGRESS|ON_HOLD|DONE|CANCELED' });
  setWorkOrderStatus(plant, row, textOf(body['status']), request.act);
  return wrapped(plant, 'work-order', row);
}

export function postAssetStatus(plant: Plant, id: string, request: ApiRequest): Answer {
  onlySkipWebhook(request);
  const asset = needRow(plant, 'asset', id);
  const body = smallBody(request.body, {
    status: 'IGNORE|OFFLINE|ONLINE',
    customStatusId: 'number?',
    downtimeType: 'PLANNED|UNPLANNED?',
    startedAt: 'date',
    endedAt: 'date?',
    description: 'string?',
  });
  const status = setAssetStatus(plant, asset, pick(body, Object.keys(body)), request.act);
  const told = ['id', 'status', 'downtimeType', 'startedAt', 'customStatusId', 'updatedAt'];
  return { status: 201, json: { assetStatus: pick(status, told) } };
}

export function patchPurchaseOrderStatus(plant: Plant, id: string, request: ApiRequest): Answer {
  onlySkipWebhook(request);
  const row = needRow(plant, 'purchase-order', id);
  const body = smallBody(request.body, {
    status: '!APPROVED|CANCELED|COMPLETED|DECLINED|PARTIALLY_FULFILLED|PENDING',
    reviewNote: 'string?',
  });
  const [from, to] = [textOf(row['status']), textOf(body['status'])];
  if (from !== to && !(TRANSITIONS[from] ?? []).includes(to))
    throw refused(400, `Cannot change status from ${from} to ${to}`);
  setPurchaseOrderStatus(plant, row, to, request.act, body['reviewNote']);
  return wrapped(plant, 'purchase-order', row);
}
