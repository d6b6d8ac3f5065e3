import { objectOf } from '../../base/json.ts';
import { kindEntry, KINDS } from '../../maintainx/catalogue/index.ts';
import type { Plant } from '../plant/plant.ts';

/** Whether `label` is a custom field of the records at `path` (FACTS 2.3: the parameter's name is the label). */
export function isCustomField(plant: Plant, path: string, label: string): boolean {
  const kind = KINDS.find((one) => kindEntry(one).path === path);
  return kind !== undefined && plant.store.all(kind).some((row) => Object.hasOwn(objectOf(row['extraFields']), label));
}
