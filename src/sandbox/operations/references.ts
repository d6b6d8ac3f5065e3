import type { Json } from '../../base/json.ts';
import { fieldError, type FieldError } from '../http/answer.ts';
import type { Plant } from '../plant/plant.ts';
import { listOf } from '../plant/row.ts';
import type { Table } from '../plant/tables.ts';

/** What a request names must be there. Absent and null name nothing. */
export function unknownId(plant: Plant, table: Table, path: string, id: Json | undefined): FieldError[] {
  if (id === undefined || id === null) return [];
  if (typeof id === 'number' && plant.store.get(table, id) !== undefined) return [];
  return [fieldError(`${table} not found`, path, id)];
}

/** The same for each of a list. */
export const unknownIds = (plant: Plant, table: Table, path: string, ids: Json | undefined): FieldError[] =>
  listOf(ids).flatMap((id, index) => unknownId(plant, table, `${path}.${index}`, id));
