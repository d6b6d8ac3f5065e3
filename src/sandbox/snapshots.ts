import type { JsonObject } from '../base/json.ts';
import { assignedIds } from './derived.ts';
import type { Plant } from './plant.ts';
import { idOf, numberOf, objectsOf, pick, textsOf, type Row } from './row.ts';
import { view } from './view.ts';

const WORK_ORDER_FIELDS = [
  'assetId',
  'description',
  'dueDate',
  'estimatedTime',
  'extraFields',
  'locationId',
  'priority',
  'startDate',
  'title',
  'vendorIds',
];

/** Categories with their ids, as webhooks give them. Labels that are no category of the plant are left out. */
export function categoriesByLabel(plant: Plant, labels: readonly string[]): Row[] {
  return plant.store
    .all('category')
    .filter((category) => labels.includes(String(category['label'])))
    .map((category) => ({
      id: idOf(category),
      name: String(category['label']),
      description: String(category['description'] ?? ''),
    }));
}

/** The work order inside a webhook: neither its id nor its status (FACTS 1.3). */
export function workOrderSnapshot(plant: Plant, workOrder: Row): JsonObject {
  return {
    ...pick(workOrder, WORK_ORDER_FIELDS),
    assigneeIds: assignedIds(workOrder, 'USER'),
    teamIds: assignedIds(workOrder, 'TEAM'),
    categories: categoriesByLabel(plant, textsOf(workOrder['categories'])),
    parts: objectsOf(workOrder['parts']).map((line) => ({
      id: idOf(line),
      quantityUsed: numberOf(line['quantityUsed']),
      unitCost: plant.store.remember('part', idOf(line))?.['unitCost'] ?? null,
      locationId: line['locationId'] ?? null,
      copyOnRecurring: line['copyOnRecurring'] ?? 'Default',
    })),
  };
}

/** As above with the costs, which only WORK_ORDER_CHANGE tells. */
export function workOrderSnapshotWithCosts(plant: Plant, workOrder: Row): JsonObject {
  const rows = [...objectsOf(workOrder['timeItems']), ...objectsOf(workOrder['expenditures'])];
  const total = rows.reduce((sum, line) => sum + numberOf(line['rowTotal']), 0);
  return { ...workOrderSnapshot(plant, workOrder), costs: { total, rows } };
}

const ASSET_FIELDS = [
  'name',
  'description',
  'locationId',
  'barcode',
  'parentId',
  'vendorIds',
  'teamIds',
  'assetTypes',
  'extraFields',
];

export const assetSnapshot = (asset: Row): JsonObject => pick(asset, ASSET_FIELDS);

const NOT_IN_PART_SNAPSHOTS = ['createdAt', 'updatedAt', 'deletedAt', 'thumbnail', 'attachments', 'vendorIds'];

export function partSnapshot(plant: Plant, part: Row): JsonObject {
  return without(view(plant, 'part', 'get', part, new Set()), NOT_IN_PART_SNAPSHOTS);
}

export function purchaseOrderSnapshot(plant: Plant, purchaseOrder: Row): JsonObject {
  return without(view(plant, 'purchase-order', 'get', purchaseOrder, new Set()), ['createdAt', 'deletedAt']);
}

function without(row: Row, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([field]) => !fields.includes(field)));
}
