import type { Json } from '../../base/json.ts';
import { insert, type Plant } from './plant.ts';
import { idOf, textOf, type Row } from './row.ts';

/** Who makes assets, and which models. Assets keep the names, as they are read. */

export const manufacturerNamed = (plant: Plant, name: string): Row | undefined =>
  plant.store.where('manufacturer', 'name', name).at(0);

export function modelNamed(plant: Plant, manufacturerId: number, name: string): Row | undefined {
  const models = plant.store.where('model', 'name', name).forwards();
  return models.find((model) => model['manufacturerId'] === manufacturerId);
}

const namesOf = (plant: Plant, name: string): Row => ({ name, organizationId: plant.organizationId });

export const newManufacturer = (plant: Plant, name: string, userId: number): Row =>
  insert(plant, 'manufacturer', namesOf(plant, name), userId);

export const newModel = (plant: Plant, manufacturerId: number, name: string, userId: number): Row =>
  insert(plant, 'model', { ...namesOf(plant, name), manufacturerId }, userId);

/** Makes the manufacturer and the model of an asset known, if they are not yet. */
export function knowMaker(plant: Plant, asset: Row, userId: number): void {
  const [maker, model] = [nameIn(asset['manufacturer']), nameIn(asset['model'])];
  if (maker === '') return;
  const manufacturer = manufacturerNamed(plant, maker) ?? newManufacturer(plant, maker, userId);
  if (model !== '' && modelNamed(plant, idOf(manufacturer), model) === undefined)
    newModel(plant, idOf(manufacturer), model, userId);
}

const nameIn = (value: Json | undefined): string => textOf(value).trim();
