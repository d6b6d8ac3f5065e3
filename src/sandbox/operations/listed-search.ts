import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import type { Plant } from '../plant/plant.ts';
import type { Row } from '../plant/row.ts';
import { searchOf } from './search-rows.ts';

/** A search among the records as lists show them: while lists lag, what is new is not there yet (FACTS 2.3). */
export function listedSearch(
  plant: Plant,
  kind: CoreKind,
  query: URLSearchParams,
  sort: string,
): ReturnType<typeof searchOf> {
  const search = searchOf(plant, kind, query, sort);
  const listed = plant.listed?.(kind);
  if (listed === undefined) return search;
  const { passes } = search;
  return {
    ...search,
    passes: (row) => {
      const shown = listed(row);
      return shown !== undefined && (passes?.(shown) ?? true);
    },
  };
}

/** A found record as lists show it. */
export function listedVersion(plant: Plant, kind: CoreKind): (row: Row) => Row {
  const listed = plant.listed?.(kind);
  return (row) => listed?.(row) ?? row;
}
