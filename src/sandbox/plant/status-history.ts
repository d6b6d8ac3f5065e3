import { objectOf, type JsonObject } from '../../base/json.ts';
import { isoNow, type Plant } from './plant.ts';
import { idOf, pick, type Row } from './row.ts';

/** A status of an asset, from now on; it is filed under no asset yet. */
export function newStatus(plant: Plant, status: string, fields: JsonObject): Row {
  const now = isoNow(plant);
  return {
    id: plant.store.nextId('asset-status'),
    status,
    startedAt: now,
    createdAt: now,
    updatedAt: now,
    ...fields,
  };
}

/** Puts a status into the history of its asset. */
export function fileStatus(plant: Plant, asset: Row, status: Row, userId: number): Row {
  Object.assign(status, { assetId: idOf(asset), organizationId: plant.organizationId, creatorId: userId });
  return plant.store.add('asset-status', status);
}

/** The history of a new asset begins when the asset does. */
export function beginHistory(plant: Plant, asset: Row, userId: number): void {
  const { createdAt = isoNow(plant) } = asset;
  const first: Row = { ...objectOf(asset['status']), startedAt: createdAt, createdAt, updatedAt: createdAt };
  asset['status'] = fileStatus(plant, asset, first, userId);
}

const CUSTOM_FIELDS = ['id', 'label', 'createdAt', 'updatedAt', 'deletedAt'];
const FIELDS = ['id', 'status', 'downtimeType', 'startedAt', 'endedAt', 'description', 'createdAt', 'updatedAt'];

/** A status as assets and webhooks tell it: with its custom status, also when that was deleted meanwhile. */
export function shownStatus(plant: Plant, status: JsonObject): Row {
  const shown = pick(status, [...FIELDS, 'customStatusId']);
  const { customStatusId } = shown;
  const custom =
    typeof customStatusId === 'number' ? plant.store.remember('asset-custom-status', customStatusId) : undefined;
  return custom === undefined ? shown : { ...shown, customStatus: pick(custom, CUSTOM_FIELDS) };
}
