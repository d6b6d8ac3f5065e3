import type { JsonObject } from '../../base/json.ts';
import { newId, type Act, type Plant } from './plant.ts';
import { idOf, numberOf, objectsOf, textOf, type Row } from './row.ts';
import { bookInto } from './stock.ts';
import { updateRecord } from './update.ts';

/** What has arrived of one line until now, at each place. */
export interface Receipt {
  readonly itemId: number;
  readonly unitCost?: number;
  readonly places: readonly ReceivedAt[];
}

interface ReceivedAt {
  /** Undefined: where the part lies, if it is one. */
  readonly locationId?: number | undefined;
  /** All that has arrived there of the line, not what arrives now. */
  readonly quantity: number;
  /** Written with the deprecated `quantityReceived` of the line, which knows no places. */
  readonly isLegacy: boolean;
}

/** Goods arrive: the stock gets the difference to what was there of the line, the status follows what is complete. */
export function receiveGoods(plant: Plant, order: Row, receipts: readonly Receipt[], act: Act): void {
  const items = objectsOf(order['items']).map((item) => {
    const receipt = receipts.find(({ itemId }) => itemId === idOf(item));
    return receipt === undefined ? item : receivedItem(plant, item, receipt, act);
  });
  updateRecord(plant, 'purchase-order', order, { items, status: statusAfter(order, items) }, act);
}

function statusAfter(order: Row, items: readonly JsonObject[]): string {
  if (items.every((item) => received(item) >= numberOf(item['quantityOrdered']))) return 'COMPLETED';
  return items.some((item) => received(item) > 0) ? 'PARTIALLY_FULFILLED' : textOf(order['status']);
}

const received = (item: JsonObject): number => numberOf(item['quantityReceived']);

function receivedItem(plant: Plant, item: JsonObject, receipt: Receipt, act: Act): JsonObject {
  const fulfillments = receipt.places.reduce<readonly JsonObject[]>(
    (before, place) => withPlace(plant, item, before, place, act),
    knownFulfillments(plant, item),
  );
  const quantityReceived = fulfillments.reduce((sum, one) => sum + Number(textOf(one['quantityReceived'])), 0);
  return { ...item, ...moneyOf(item, receipt.unitCost), fulfillments, quantityReceived };
}

/** What was received before anybody said where counts as received where the part lies. */
function knownFulfillments(plant: Plant, item: JsonObject): readonly JsonObject[] {
  const told = objectsOf(item['fulfillments']);
  if (told.length > 0 || received(item) === 0) return told;
  const locationId = placeOf(plant, item);
  return [{ id: newId(plant, 'line'), locationId, quantityReceived: String(received(item)), isLegacy: true }];
}

function moneyOf(item: JsonObject, unitCost: number | undefined): JsonObject {
  if (unitCost === undefined) return {};
  const price = unitCost * numberOf(item['quantityOrdered']);
  return { unitCost, unitCostDecimal: decimal(unitCost), price, priceDecimal: decimal(price) };
}

const decimal = (cents: number): string => (cents / 100).toFixed(2);

function withPlace(
  plant: Plant,
  item: JsonObject,
  before: readonly JsonObject[],
  { locationId: named, quantity, isLegacy }: ReceivedAt,
  act: Act,
): readonly JsonObject[] {
  const part = plant.store.get('part', numberOf(item['partId']));
  const locationId = named ?? placeOf(plant, item);
  const old = before.find((one) => (one['locationId'] ?? null) === locationId);
  const arrived = quantity - Number(textOf(old?.['quantityReceived']));
  if (part !== undefined && locationId !== null && arrived !== 0)
    updateRecord(plant, 'part', part, { locations: bookInto(part, locationId, arrived) }, act, 'PURCHASE_ORDER');
  const now = { id: old?.['id'] ?? newId(plant, 'line'), locationId, quantityReceived: String(quantity), isLegacy };
  return old === undefined ? [...before, now] : before.map((one) => (one === old ? now : one));
}

/** Where the part of a line lies; null when it lies nowhere or the line is of no part. */
function placeOf(plant: Plant, item: JsonObject): number | null {
  const part = plant.store.get('part', numberOf(item['partId']));
  const id = objectsOf(part?.['locations'])[0]?.['locationId'];
  return typeof id === 'number' ? id : null;
}

/** `share` (0 to 1] of what is still open arrives where each part lies. */
export function receiveItems(plant: Plant, order: Row, share: number, act: Act): void {
  const receipts = objectsOf(order['items']).flatMap((item) => {
    const open = numberOf(item['quantityOrdered']) - received(item);
    const arrived = Math.min(open, Math.ceil(open * share));
    if (arrived <= 0) return [];
    const locationId = placeOf(plant, item);
    const there = knownFulfillments(plant, item).find((one) => (one['locationId'] ?? null) === locationId);
    const quantity = Number(textOf(there?.['quantityReceived'])) + arrived;
    return [{ itemId: idOf(item), places: [{ locationId: locationId ?? undefined, quantity, isLegacy: false }] }];
  });
  receiveGoods(plant, order, receipts, act);
}
