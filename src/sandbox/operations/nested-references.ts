import type { Json } from '../../base/json.ts';
import { badFields, type FieldError } from '../http/answer.ts';
import type { Plant } from '../plant/plant.ts';
import { objectsOf } from '../plant/row.ts';
import type { Table } from '../plant/tables.ts';
import { unknownId } from './references.ts';

/** Ids under a name inside the objects of a list, e.g. `partsUsed.0.partId`. */
export const unknownIdsIn = (
  plant: Plant,
  table: Table,
  path: string,
  list: Json | undefined,
  name: string,
): readonly FieldError[] =>
  objectsOf(list).flatMap((item, index) => unknownId(plant, table, `${path}.${index}.${name}`, item[name]));

/** All errors at once, if there are any. */
export function refuseAny(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw badFields(errors);
}
