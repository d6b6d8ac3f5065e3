import type { JsonObject } from '../../base/json.ts';
import type { Plant } from './plant.ts';
import { idOf, numberOf, objectsOf, textOf, type Row } from './row.ts';
import { availableQuantity, rootFieldsOf } from './stock.ts';

/** The `partStatus` that follows from the parts, the status and what was set before. */
export function partStatusOf(workOrder: Row): string {
  if (objectsOf(workOrder['parts']).length === 0) return 'NO_PARTS';
  if (workOrder['status'] === 'DONE') return 'ISSUED';
  const known = textOf(workOrder['partStatus']);
  return ['RESERVED', 'KITTED', 'STAGED'].includes(known) ? known : 'ASSIGNED';
}

/** Whether the stock suffices; MaintainX computes it when asked, so it moves without the work order moving. */
export function partsAvailabilityOf(plant: Plant, workOrder: Row): string | undefined {
  const lines = objectsOf(workOrder['parts']);
  if (lines.length === 0) return undefined;
  const enough = lines.filter((line) => {
    const part = plant.store.get('part', idOf(line));
    return part !== undefined && availableQuantity(part) >= numberOf(line['quantityUsed']);
  });
  if (enough.length === lines.length) return 'PARTS_AVAILABLE';
  return enough.length === 0 ? 'PARTS_UNAVAILABLE' : 'PARTIAL_PARTS';
}

/** One part line as work orders show it: the line and what is known of the part. */
export function partLine(plant: Plant, line: JsonObject, withExtraFields: boolean): Row {
  const part = plant.store.remember('part', idOf(line)) ?? {};
  const { area, minimumQuantity } = rootFieldsOf(part);
  const shown: Row = {
    id: idOf(line),
    name: part['name'] ?? 'Deleted part',
    description: part['description'] ?? null,
    area: area ?? null,
    unitCost: part['unitCost'] ?? null,
    availableQuantity: availableQuantity(part),
    minimumQuantity: minimumQuantity ?? 0,
    barcode: part['barcode'] ?? null,
    quantityUsed: numberOf(line['quantityUsed']),
    copyOnRecurring: line['copyOnRecurring'] ?? 'Default',
  };
  if (typeof line['locationId'] === 'number') shown['locationId'] = line['locationId'];
  if (withExtraFields) shown['partExtraFields'] = part['extraFields'] ?? {};
  return shown;
}
