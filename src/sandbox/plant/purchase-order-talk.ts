import type { JsonObject } from '../../base/json.ts';
import { insert, isoNow, type Act, type Plant } from './plant.ts';
import { idOf, objectsOf, type Row } from './row.ts';

/** A comment on a purchase order: no event tells of it and no operation lists it. */
export const commentOnOrder = (plant: Plant, order: Row, content: string, act: Act): Row =>
  insert(plant, 'purchase-order-comment', { purchaseOrderId: idOf(order), content }, act.userId);

/** The sandbox sends no mail; it remembers that it was asked to. */
export function mailOrder(plant: Plant, order: Row, mail: JsonObject): void {
  order['mails'] = [...objectsOf(order['mails']), { ...mail, sentAt: isoNow(plant) }];
}

/** What was said about an order goes with it. */
export function dropTalk(plant: Plant, order: Row): void {
  const about = plant.store.where('purchase-order-comment', 'purchaseOrderId', idOf(order));
  // Deleting while walking would skip some.
  for (const id of Array.from(about.forwards(), idOf)) plant.store.delete('purchase-order-comment', id);
}
