import type { JsonObject } from '../../base/json.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import type { Plant } from './plant.ts';
import { idOf, pick, type Row } from './row.ts';

const FIELDS = ['city', 'country', 'label', 'postalCode', 'state', 'street'];

/** The address that has this id. */
export const addressWith = (plant: Plant, id: number): Row =>
  pick(plant.store.get('shipping-address', id) ?? {}, FIELDS);

/** The id of an address: one that was used before keeps its own. */
export function addressId(plant: Plant, address: JsonObject): number {
  const fields = pick(address, FIELDS);
  const words = canonicalJson(fields);
  const [known] = plant.store.where('shipping-address', 'words', words).forwards();
  return known === undefined
    ? idOf(plant.store.add('shipping-address', { id: plant.store.nextId('shipping-address'), words, ...fields }))
    : idOf(known);
}
