import type { Json } from '../../base/json.ts';
import { fieldError, type FieldError } from '../http/answer.ts';
import type { Plant } from '../plant/plant.ts';
import { idOf, type Row } from '../plant/row.ts';

/** Nothing is inside itself, however long the way round. The words are those of the specification's example. */
export function cycleErrors(
  plant: Plant,
  kind: 'asset' | 'location',
  row: Row | undefined,
  parentId: Json | undefined,
): readonly FieldError[] {
  if (row === undefined || typeof parentId !== 'number') return [];
  const seen = new Set<number>();
  for (let id: Json | undefined = parentId; typeof id === 'number' && !seen.has(id);) {
    if (id === idOf(row)) return [fieldError('parentId is not valid', 'parentId', parentId)];
    seen.add(id);
    id = plant.store.get(kind, id)?.['parentId'];
  }
  return [];
}
