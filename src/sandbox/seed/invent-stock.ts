import { anyRow, someIds, someRows } from './choose.ts';
import type { Dice } from './dice.ts';
import { newDocument, newPhoto } from '../plant/file.ts';
import { orderLine } from '../operations/intake.ts';
import { isoAt, type Plant } from '../plant/plant.ts';
import { idOf, textOf, type Row } from '../plant/row.ts';
import { stockPlace } from '../plant/stock.ts';
import { PARTS, VENDORS } from './words.ts';

/** Fields of what is bought and kept. */

export function inventVendor(plant: Plant, dice: Dice, name?: string): Row {
  const title = name ?? `${dice.pick(VENDORS)} ${dice.whole(2, 999)}`;
  const domain = `${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.example`;
  return {
    name: title,
    description: `Supplier since ${dice.whole(2008, 2025)}.`,
    emails: [`orders@${domain}`, ...(dice.chance(0.4) ? [`service@${domain}`] : [])],
    phoneNumbers: [`+31 10 555 ${dice.whole(1000, 9999)}`],
    extraFields: { 'Vendor number': `V${dice.whole(10_000, 99_999)}` },
    ...(dice.chance(0.3) ? { thumbnail: newPhoto(plant, 'logo') } : {}),
    attachments: dice.chance(0.2) ? [newDocument(plant, 'framework agreement')] : [],
  };
}

export function inventPart(plant: Plant, dice: Dice): Row {
  const [name, type, cents] = dice.pick(PARTS);
  const vendors = someIds(plant, dice, 'vendor', dice.whole(1, 2));
  const minimumQuantity = dice.whole(1, 8);
  return {
    name: `${name} #${dice.whole(100, 999)}`,
    description: `${type}, kept on stock.`,
    unitCost: cents,
    barcode: `PRT-${dice.whole(100_000, 999_999)}`,
    partTypes: [type],
    locations: someIds(plant, dice, 'location', dice.whole(1, 2)).map((locationId) =>
      stockPlace({
        locationId,
        availableQuantity: dice.whole(2, 60),
        minimumQuantity,
        maximumQuantity: 80,
        area: `Rack ${dice.pick(['A', 'B', 'C', 'D'])}${dice.whole(1, 12)}`,
      }),
    ),
    assetIds: someIds(plant, dice, 'asset', dice.whole(0, 3)),
    teamIds: someIds(plant, dice, 'team', dice.whole(0, 1)),
    vendorIds: vendors,
    vendors: vendors.map((vendorId) => ({ vendorId, partNumber: `P-${dice.whole(10_000, 99_999)}` })),
    extraFields: { 'ERP material': `40${dice.whole(100_000, 999_999)}` },
    ...(dice.chance(0.4) ? { thumbnail: newPhoto(plant, 'part') } : {}),
    attachments: dice.chance(0.2) ? [newDocument(plant, 'data sheet')] : [],
  };
}

const ADDRESS = { city: 'Amsterdam', country: 'NL', postalCode: '1042 AC', state: 'NH', street: 'Havenstraat 12' };

export function inventPurchaseOrder(plant: Plant, dice: Dice): Row {
  const vendor = anyRow(plant, dice, 'vendor');
  const items = someRows(plant, dice, 'part', dice.whole(1, 4)).map((part) =>
    orderLine(plant, { partId: idOf(part), unitCost: part['unitCost'] ?? 0, quantityOrdered: dice.whole(2, 30) }),
  );
  return {
    title: `${textOf(items[0]?.['name']) || 'Parts'} from ${textOf(vendor['name'])}`,
    note: dice.pick(['Deliver to the spare parts store.', 'Urgent, line is waiting.', 'Regular restock.']),
    dueDate: isoAt(plant.clock.now() + dice.whole(2, 30) * 86_400_000),
    vendorId: idOf(vendor),
    overrideNumber: `PO-${dice.whole(2000, 9999)}`,
    items,
    costs: [
      { id: plant.store.nextId('line'), name: 'Freight', type: 'AMOUNT_TAXABLE', amount: dice.whole(10, 90) * 100 },
    ],
    shippingAddress: { ...ADDRESS, label: 'Plant' },
    billingAddress: { ...ADDRESS, label: 'Office' },
    extraFields: { 'Invoice number': '' },
    attachments: dice.chance(0.4) ? [newDocument(plant, 'quotation')] : [],
  };
}
