import { newGroup } from '../plant/conversation.ts';
import { newField, type Entity } from '../plant/custom-field.ts';
import { insert, type Act, type Plant } from '../plant/plant.ts';
import { textsOf } from '../plant/row.ts';
import { newContact } from '../plant/vendor-contact.ts';
import { someIds } from './choose.ts';
import type { Dice } from './dice.ts';
import { seedOutages } from './seed-outages.ts';
import { FIRST_NAMES, LAST_NAMES } from './words.ts';

/** What a plant has besides its records: words, definitions, contacts, conversations, and what its machines went through. */
export function seedSettings(plant: Plant, dice: Dice, act: Act): void {
  // In the order of their ids: assets have one of the three already.
  for (const [label, level] of CRITICALITIES) insert(plant, 'asset-criticality', { label, level }, act.userId);
  for (const [label, baseAssetStatus] of CUSTOM_STATUSES)
    insert(plant, 'asset-custom-status', { label, baseAssetStatus }, act.userId);
  for (const [entity, label, type, options] of CUSTOM_FIELDS) newField(plant, entity, { label, type, options }, act);
  seedContacts(plant, dice, act);
  for (const name of GROUPS) newGroup(plant, name, someIds(plant, dice, 'user', 5), act);
  seedOutages(plant, dice, act);
}

const CRITICALITIES: readonly (readonly [label: string, level: number])[] = [
  ['High', 3],
  ['Medium', 2],
  ['Low', 1],
];

const CUSTOM_STATUSES: readonly (readonly [label: string, base: string])[] = [
  ['Waiting for parts', 'OFFLINE'],
  ['Changeover', 'OFFLINE'],
  ['Reduced speed', 'ONLINE'],
  ['Decommissioned', 'IGNORE'],
];

/** The labels that the records of the plant carry, and some that nobody filled in yet. */
const CUSTOM_FIELDS: readonly (readonly [Entity, label: string, type: string, options: readonly string[]])[] = [
  ['assets', 'ERP number', 'oneline', []],
  ['assets', 'Criticality', 'singleSelect', ['A', 'B', 'C']],
  ['locations', 'Cost center', 'oneline', []],
  ['parts', 'ERP material', 'oneline', []],
  ['workOrders', 'Downtime minutes', 'number', []],
  ['workOrders', 'Area', 'singleSelect', ['Wet', 'Dry', 'Utilities']],
  ['vendors', 'Vendor number', 'oneline', []],
  ['purchaseOrders', 'Invoice number', 'oneline', []],
  ['lineItemPurchaseOrders', 'Ordered Date', 'date', []],
];

/** One has no name. */
const GROUPS: readonly (string | null)[] = ['Maintenance', 'Shift leaders', null];

/** Every other vendor has somebody to talk to, at the address that the vendor has. */
function seedContacts(plant: Plant, dice: Dice, act: Act): void {
  for (const vendor of plant.store.all('vendor')) {
    if (!dice.chance(0.5)) continue;
    const { updatedAt = null } = vendor;
    const [email = null] = textsOf(vendor['emails']);
    const name = `${dice.pick(FIRST_NAMES)} ${dice.pick(LAST_NAMES)}`;
    const role = dice.pick(['Sales', 'Service', 'Spare parts']);
    const [phoneNumber = null] = textsOf(vendor['phoneNumbers']);
    newContact(plant, vendor, { name, role, email, phoneNumber, extension: String(dice.whole(10, 99)) }, act);
    vendor['updatedAt'] = updatedAt;
  }
}
