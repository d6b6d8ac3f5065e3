import { createRecord } from '../plant/create.ts';
import { isoAt, type Act, type Plant } from '../plant/plant.ts';
import { idOf, numberOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import { stockPlace } from '../plant/stock.ts';
import type { Dice } from './dice.ts';
import { inventPart, inventPurchaseOrder, inventVendor } from './invent-stock.ts';
import { namedOddly } from './names.ts';
import { fewGetMost, logNormal, oddsOf, type Odds } from './odds.ts';
import { times } from './seed-time.ts';
import { received } from './seed-work.ts';
import { DAY, workingTimes } from './shift-time.ts';
import { VENDORS } from './words.ts';
import { longAgo } from './years-places.ts';

export function seedManyVendors(plant: Plant, dice: Dice, act: Act, count: number): void {
  times(count, (index) => {
    const name = VENDORS[index] ?? namedOddly(dice, `${dice.pick(VENDORS)} ${index}`);
    const fields = { ...inventVendor(plant, dice, name), ...longAgo(plant, dice) };
    if (dice.chance(0.25)) Object.assign(fields, { emails: [], phoneNumbers: [], description: null });
    createRecord(plant, 'vendor', fields, act);
  });
}

/** Parts lie in few stores, come mostly from few vendors, and some have run out. */
export function seedManyParts(plant: Plant, dice: Dice, act: Act, count: number): void {
  const stores = fewGetMost(dice.some(plant.store.all('location').map(idOf), 40));
  const vendors = fewGetMost(plant.store.all('vendor').map(idOf));
  times(count, () => {
    const fields: Row = { ...inventPart(plant, dice), ...longAgo(plant, dice) };
    const places = [
      ...new Set(Array.from({ length: dice.chance(0.2) ? dice.whole(2, 4) : 1 }, () => stores.draw(dice))),
    ];
    const vendorIds = [...new Set(Array.from({ length: dice.whole(0, 2) }, () => vendors.draw(dice)))];
    Object.assign(fields, {
      name: namedOddly(dice, textOf(fields['name'])),
      unitCost: dice.chance(0.05) ? null : Math.round(logNormal(dice, 2500, 1.2)),
      locations: places.map((locationId) => stockAt(dice, locationId)),
      vendorIds,
      vendors: vendorIds.map((vendorId) => ({ vendorId, partNumber: `P-${dice.whole(10_000, 99_999)}` })),
      ...(dice.chance(0.2) ? { description: null, barcode: null } : {}),
    });
    createRecord(plant, 'part', fields, act);
  });
}

/** Mostly above the minimum; one in twelve has run out. */
function stockAt(dice: Dice, locationId: number): Row {
  const minimumQuantity = Math.round(logNormal(dice, 3, 0.8));
  const available = dice.chance(1 / 12) ? 0 : Math.round(minimumQuantity * logNormal(dice, 2, 0.6));
  const area = dice.chance(0.8) ? `Rack ${dice.pick(['A', 'B', 'C', 'D', 'E'])}${dice.whole(1, 40)}` : null;
  return stockPlace({
    locationId,
    availableQuantity: available,
    minimumQuantity,
    maximumQuantity: minimumQuantity * 5,
    area,
  });
}

/** By the age of the order: old ones are settled. */
const RECENT = oddsOf({
  REQUESTED: 20,
  PENDING: 22,
  APPROVED: 30,
  PARTIALLY_FULFILLED: 12,
  COMPLETED: 10,
  DECLINED: 6,
});
const OLD = oddsOf({ COMPLETED: 90, CANCELED: 6, DECLINED: 3, PARTIALLY_FULFILLED: 1 });

export function seedManyPurchaseOrders(plant: Plant, dice: Dice, act: Act, count: number): void {
  const now = plant.clock.now();
  const buyers = fewGetMost(plant.store.all('user').slice(0, 40).map(idOf));
  const vendors = fewGetMost(plant.store.all('vendor').map(idOf));
  for (const created of workingTimes(dice, now, count)) {
    const status = (now - created > 30 * DAY ? OLD : RECENT).draw(dice);
    const changed = Math.min(now, created + Math.floor(logNormal(dice, 4, 0.8) * DAY));
    const approval = APPROVED.includes(status) ? { approverId: act.userId, approvalDate: isoAt(changed) } : {};
    const dates = {
      createdAt: isoAt(created),
      updatedAt: isoAt(changed),
      dueDate: isoAt(created + dice.whole(3, 40) * DAY),
    };
    const fields = { ...inventPurchaseOrder(plant, dice), ...dates, ...approval, status, vendorId: vendors.draw(dice) };
    const order = createRecord(plant, 'purchase-order', fields, { ...act, userId: buyers.draw(dice) });
    if (status === 'COMPLETED') order['items'] = received(order, 1);
    if (status === 'PARTIALLY_FULFILLED') order['items'] = received(order, 0.5);
  }
}

const APPROVED = ['APPROVED', 'PARTIALLY_FULFILLED', 'COMPLETED'];

/** Part lines of work: few parts are used all the time. */
export function partLinesFrom(plant: Plant): (dice: Dice) => Row[] {
  const parts: Odds<Row> = fewGetMost(plant.store.all('part'));
  return (dice) => {
    const chosen = new Set(Array.from({ length: dice.whole(1, 3) }, () => parts.draw(dice)));
    return Array.from(chosen, (part) => ({
      id: idOf(part),
      quantityUsed: Math.max(1, Math.round(logNormal(dice, 1.3, 0.6))),
      locationId: numberOf(objectsOf(part['locations'])[0]?.['locationId']),
      copyOnRecurring: 'Default',
    }));
  };
}
