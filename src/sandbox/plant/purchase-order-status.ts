import type { Json } from '../../base/json.ts';
import { isoNow, newId, type Act, type Plant } from './plant.ts';
import { numberOf, objectsOf, type Row } from './row.ts';
import { bookAt } from './stock.ts';
import { updateRecord } from './update.ts';

/** From the table in the specification; an approved order also becomes PARTIALLY_FULFILLED or COMPLETED by receiving. */
export const TRANSITIONS: Readonly<Record<string, readonly string[]>> = {
  REQUESTED: ['CANCELED', 'DECLINED', 'PENDING'],
  PENDING: ['APPROVED', 'CANCELED', 'DECLINED'],
  DECLINED: ['CANCELED', 'PENDING'],
  APPROVED: ['CANCELED'],
  PARTIALLY_FULFILLED: ['COMPLETED'],
};

export function setPurchaseOrderStatus(
  plant: Plant,
  row: Row,
  status: string,
  act: Act,
  reviewNote: Json | undefined,
): void {
  const approval = status === 'APPROVED' ? { approverId: act.userId, approvalDate: isoNow(plant) } : {};
  const note = reviewNote === undefined ? {} : { reviewNote };
  updateRecord(plant, 'purchase-order', row, { status, ...approval, ...note }, act);
}

/** `share` (0 to 1] of what is still open arrives and goes into the stock; the status follows. */
export function receiveItems(plant: Plant, order: Row, share: number, act: Act): void {
  const items = objectsOf(order['items']).map((item) => {
    const open = numberOf(item['quantityOrdered']) - numberOf(item['quantityReceived']);
    const arrived = Math.min(open, Math.ceil(open * share));
    return arrived > 0 ? receiveItem(plant, item, arrived, act) : item;
  });
  const isComplete = items.every((item) => numberOf(item['quantityReceived']) >= numberOf(item['quantityOrdered']));
  const status = isComplete ? 'COMPLETED' : 'PARTIALLY_FULFILLED';
  updateRecord(plant, 'purchase-order', order, { items, status }, act);
}

function receiveItem(plant: Plant, item: Row | Readonly<Row>, arrived: number, act: Act): Row {
  const part = plant.store.get('part', numberOf(item['partId']));
  const locationId = numberOf(objectsOf(part?.['locations'])[0]?.['locationId']);
  if (part !== undefined)
    updateRecord(plant, 'part', part, { locations: bookAt(part, locationId, arrived) }, act, 'PURCHASE_ORDER');
  const fulfillment = {
    id: newId(plant, 'line'),
    locationId,
    quantityReceived: String(arrived),
    isLegacy: false,
  };
  return {
    ...item,
    quantityReceived: numberOf(item['quantityReceived']) + arrived,
    fulfillments: [...objectsOf(item['fulfillments']), fulfillment],
  };
}
