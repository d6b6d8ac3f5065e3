import { objectOf, type JsonObject } from '../../base/json.ts';
import { announce, isoNow, touch, type Act, type Plant } from './plant.ts';
import { idOf, textOf, type Row } from './row.ts';
import { fileStatus, newStatus, shownStatus } from './status-history.ts';

/**
 * The asset goes on- or offline; what it was before ends when the new status starts. Answers the new status.
 * One that is over already is only an entry in the history: the asset stays what it is.
 */
export function setAssetStatus(plant: Plant, asset: Row, fields: JsonObject, act: Act): Row {
  const status = fileStatus(plant, asset, newStatus(plant, 'ONLINE', fields), act.userId);
  if (isOver(plant, status)) return status;
  const old = objectOf(asset['status']);
  endAll(plant, asset, status, act);
  asset['status'] = status;
  touch(plant, asset);
  announceStatus(plant, asset, shownStatus(plant, old), act);
  return status;
}

function isOver(plant: Plant, status: Row): boolean {
  const endedAt = textOf(status['endedAt']);
  return endedAt !== '' && endedAt <= isoNow(plant);
}

/** Nothing else lasts longer than to the start of `status`; what began later never was. */
function endAll(plant: Plant, asset: Row, status: Row, act: Act): void {
  const start = textOf(status['startedAt']);
  for (const other of statusesOf(plant, asset)) {
    const endedAt = textOf(other['endedAt']);
    if (other !== status && (endedAt === '' || endedAt > start)) endAt(plant, other, start, act);
  }
}

function endAt(plant: Plant, status: Row, time: string, act: Act): void {
  const startedAt = textOf(status['startedAt']);
  status['endedAt'] = time > startedAt ? time : startedAt;
  status['updaterId'] = act.userId;
  touch(plant, status);
}

/** The statuses of an asset, oldest first. */
export const statusesOf = (plant: Plant, asset: Row): readonly Row[] => [
  ...plant.store.where('asset-status', 'assetId', idOf(asset)).forwards(),
];

const TOLD = ['status', 'customStatusId', 'downtimeType'];

/** Corrects an entry of the history. What ended where it started still does. */
export function editAssetStatus(plant: Plant, status: Row, fields: JsonObject, act: Act): void {
  const asset = plant.store.get('asset', Number(status['assetId']));
  const before: Row = { ...status };
  Object.assign(status, fields, { updaterId: act.userId });
  touch(plant, status);
  if (asset === undefined) return;
  moveNeighbour(plant, asset, before, status, act);
  if (asset['status'] !== status) return;
  touch(plant, asset);
  const isNews = TOLD.some((field) => (before[field] ?? null) !== (status[field] ?? null));
  if (isNews) announceStatus(plant, asset, shownStatus(plant, before), act);
}

function moveNeighbour(plant: Plant, asset: Row, before: Row, status: Row, act: Act): void {
  const { startedAt } = before;
  if (startedAt === undefined || startedAt === status['startedAt']) return;
  const neighbour = statusesOf(plant, asset).find((other) => other !== status && other['endedAt'] === startedAt);
  if (neighbour !== undefined) endAt(plant, neighbour, textOf(status['startedAt']), act);
}

function announceStatus(plant: Plant, asset: Row, oldStatus: Row, act: Act): void {
  const newStatusShown = shownStatus(plant, objectOf(asset['status']));
  announce(plant, act, {
    type: 'ASSET_STATUS_CHANGE',
    body: { assetId: idOf(asset), oldStatus, newStatus: newStatusShown },
    matches: {
      oneOfAssetStatusTypes: [newStatusShown['status'] ?? null],
      oneOfCustomAssetStatusesIds: [newStatusShown['customStatusId'] ?? null],
    },
  });
}
