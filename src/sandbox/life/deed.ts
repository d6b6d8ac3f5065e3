import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import { maybeRow } from '../seed/choose.ts';
import type { Dice } from '../seed/dice.ts';
import type { Act, Plant } from '../plant/plant.ts';
import { idOf, numberOf, textOf, type Row } from '../plant/row.ts';
import type { Table } from '../plant/tables.ts';

/** Who does something in the plant, with what chance. */
export interface Scene {
  readonly plant: Plant;
  readonly dice: Dice;
  readonly actor: Row;
  readonly act: Act;
}

/** One thing that people do: a sentence about it, or undefined when there was no occasion. */
export type Deed = (scene: Scene) => string | undefined;

export const nameOf = (row: Row): string => textOf(row['name']) || textOf(row['title']) || textOf(row['label']);

/** "WO #132 Replace bearing on Pump 3" */
export const workOrderName = (row: Row): string => `WO #${numberOf(row['sequentialId'])} ${textOf(row['title'])}`;

/** So often chance looks before everything is looked through. */
const TRIES = 50;

/** Any record of the kind that passes. */
export function find({ plant, dice }: Scene, kind: CoreKind, passes?: (row: Row) => boolean): Row | undefined {
  if (passes === undefined) return maybeRow(plant, dice, kind);
  for (let tried = 0; tried < TRIES; tried++) {
    const row = maybeRow(plant, dice, kind);
    if (row === undefined || passes(row)) return row;
  }
  return dice.maybe(plant.store.ordered(kind, 'id').forwards().filter(passes).toArray());
}

/** Any record of the kind whose field is one of the words, when there are more than `least` of them. */
export function findWith(
  { plant, dice }: Scene,
  kind: Table,
  field: string,
  words: readonly string[],
  least = 0,
): Row | undefined {
  const groups = words.map((word) => plant.store.where(kind, field, word));
  const count = groups.reduce((sum, group) => sum + group.size, 0);
  if (count <= least) return undefined;
  let place = dice.whole(0, count - 1);
  for (const group of groups) {
    if (place < group.size) return group.at(place);
    place -= group.size;
  }
  return undefined;
}

/** A user of the plant who may act; the integration user never acts by himself. */
export function anActor(plant: Plant, dice: Dice): Row {
  const users = plant.store.ordered('user', 'id');
  return users.at(users.size > 1 ? dice.whole(1, users.size - 1) : 0) ?? {};
}

export const actOf = (actor: Row): Act => ({ userId: idOf(actor), quiet: false });
