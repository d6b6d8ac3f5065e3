import type { Kind } from '../../maintainx/catalogue/index.ts';
import type { Dice } from '../seed/dice.ts';
import type { Act, Plant } from '../plant/plant.ts';
import { idOf, numberOf, textOf, type Row } from '../plant/row.ts';

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

/** Any record of the kind that passes. */
export function find({ plant, dice }: Scene, kind: Kind, passes: (row: Row) => boolean = () => true): Row | undefined {
  return dice.maybe(plant.store.all(kind).filter(passes));
}

/** A user of the plant who may act; the integration user never acts by himself. */
export function anActor(plant: Plant, dice: Dice): Row {
  const users = plant.store.all('user');
  return dice.pick(users.length > 1 ? users.slice(1) : users);
}

export const actOf = (actor: Row): Act => ({ userId: idOf(actor), quiet: false });
