import type { Json, JsonObject } from '../../base/json.ts';
import { insert, touch, type Act, type Plant } from './plant.ts';
import { idOf, textOf, textsOf, type Row } from './row.ts';

/** People to talk to at a vendor. */
export const contactsOf = (plant: Plant, vendor: Row): readonly Row[] => [
  ...plant.store.where('vendor-contact', 'vendorId', idOf(vendor)).forwards(),
];

const NOTHING = { role: null, email: null, phoneNumber: null, extension: null };

export function newContact(plant: Plant, vendor: Row, fields: JsonObject, act: Act): Row {
  touch(plant, vendor);
  return insert(plant, 'vendor-contact', { ...NOTHING, ...fields, vendorId: idOf(vendor) }, act.userId);
}

/** A vendor's own old addresses (deprecated, written only when it is made), then those of its contacts. */
export function addressesOf(plant: Plant, vendor: Row, own: string, ofContact: string): readonly Json[] {
  const told = contactsOf(plant, vendor).map((contact) => textOf(contact[ofContact]));
  return [...new Set([...textsOf(vendor[own]), ...told.filter((address) => address !== '')])];
}
