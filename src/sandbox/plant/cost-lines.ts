import type { JsonObject } from '../../base/json.ts';
import type { Plant } from './plant.ts';
import { idOf, numberOf, objectsOf, textOf, type Row } from './row.ts';

/** All costs of a work order, of its parts too, and their sum in cents. */
export function costsOf(plant: Plant, workOrder: Row): { total: number; rows: readonly JsonObject[] } {
  const rows = [
    ...objectsOf(workOrder['timeItems']),
    ...objectsOf(workOrder['expenditures']),
    ...objectsOf(workOrder['parts']).map((line) => partCost(plant, line)),
  ];
  return { total: rows.reduce((sum, line) => sum + numberOf(line['rowTotal']), 0), rows };
}

function partCost(plant: Plant, line: JsonObject): JsonObject {
  const part = plant.store.remember('part', idOf(line)) ?? {};
  const [costPerUnit, quantity] = [numberOf(part['unitCost']), numberOf(line['quantityUsed'])];
  return {
    type: 'PART',
    costPerUnit,
    description: textOf(part['name']),
    quantity,
    rowTotal: costPerUnit * quantity,
    partId: idOf(line),
  };
}
