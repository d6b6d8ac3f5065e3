import type { Act, Plant } from './plant.ts';
import { idOf, pick, type Row } from './row.ts';
import { updateRecord } from './update.ts';

/** What a sub work order has from its parent when nothing else is said: "most of their fields" by the specification. */
const INHERITED = [
  'assetId',
  'locationId',
  'assignees',
  'categories',
  'description',
  'dueDate',
  'startDate',
  'priority',
  'type',
  'vendorIds',
];

export const inheritedFrom = (parent: Row): Row => pick(parent, INHERITED);

/** A work order with sub work orders is a parent. */
export function joinFamily(plant: Plant, child: Row, act: Act): void {
  const parent = plant.store.get('work-order', Number(child['parentId'] ?? 0));
  if (parent !== undefined && parent['isParent'] !== true)
    updateRecord(plant, 'work-order', parent, { isParent: true }, act);
}

export const subWorkOrders = (plant: Plant, parent: Row): Row[] => [
  ...plant.store.where('work-order', 'parentId', idOf(parent)).forwards(),
];
