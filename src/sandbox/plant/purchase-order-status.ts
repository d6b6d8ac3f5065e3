import type { Json } from '../../base/json.ts';
import { isoNow, type Act, type Plant } from './plant.ts';
import { textOf, type Row } from './row.ts';
import { updateRecord } from './update.ts';

export { receiveItems } from './purchase-order-receipt.ts';

/**
 * From the text of PATCH /purchaseorders/{id}/status. An approved order goes on by receiving items, which leads to
 * PARTIALLY_FULFILLED by itself; a canceled one cannot be modified.
 */
const TRANSITIONS: Readonly<Record<string, readonly string[]>> = {
  REQUESTED: ['CANCELED', 'DECLINED', 'PENDING'],
  PENDING: ['APPROVED', 'CANCELED', 'DECLINED'],
  DECLINED: ['CANCELED', 'PENDING'],
  APPROVED: ['CANCELED'],
  PARTIALLY_FULFILLED: ['COMPLETED'],
  CANCELED: [],
  COMPLETED: ['PARTIALLY_FULFILLED'],
};

/** Whether an order may become `status` by being told so. Staying what it is changes nothing. */
export function mayBecome(order: Row, status: string): boolean {
  const from = textOf(order['status']);
  return from === status || (TRANSITIONS[from] ?? []).includes(status);
}

/** The fields that a new status sets: an approval is somebody's, at some time. */
export const statusFields = (plant: Plant, order: Row, status: string, act: Act): Row =>
  status === 'APPROVED' && order['status'] !== 'APPROVED'
    ? { status, approverId: act.userId, approvalDate: isoNow(plant) }
    : { status };

export function setPurchaseOrderStatus(
  plant: Plant,
  order: Row,
  status: string,
  act: Act,
  reviewNote: Json | undefined,
): void {
  const note = reviewNote === undefined ? {} : { reviewNote };
  updateRecord(plant, 'purchase-order', order, { ...statusFields(plant, order, status, act), ...note }, act);
}
