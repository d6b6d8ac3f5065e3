import type { Plant } from '../plant/plant.ts';
import { idOf, type Row } from '../plant/row.ts';
import type { Table } from '../plant/tables.ts';
import type { Dice } from './dice.ts';

/** Records of a table by chance, without listing the whole table. */

export function maybeRow(plant: Plant, dice: Dice, table: Table): Row | undefined {
  const rows = plant.store.ordered(table, 'id');
  return rows.size === 0 ? undefined : rows.at(dice.whole(0, rows.size - 1));
}

export function anyRow(plant: Plant, dice: Dice, table: Table): Row {
  const row = maybeRow(plant, dice, table);
  if (row === undefined) throw new Error(`no ${table} to pick from`);
  return row;
}

/** Up to `count` different ones. */
export function someRows(plant: Plant, dice: Dice, table: Table, count: number): Row[] {
  const rows = plant.store.ordered(table, 'id');
  return dice
    .places(rows.size, count)
    .map((place) => rows.at(place))
    .filter((row) => row !== undefined);
}

export const someIds = (plant: Plant, dice: Dice, table: Table, count: number): number[] =>
  someRows(plant, dice, table, count).map(idOf);
