import { announce, type Act, type Plant } from './plant.ts';
import { idOf, type Row } from './row.ts';
import { purchaseOrderSnapshot } from './snapshots.ts';

/** Fields of a purchase order and the word for them in a subscription's filter. */
const PROPERTIES: Readonly<Record<string, string>> = {
  attachments: 'ATTACHMENTS',
  billingAddress: 'BILLING_ADDRESS',
  costs: 'COSTS',
  dueDate: 'DUE_DATE',
  extraFields: 'EXTRA_FIELDS',
  items: 'ITEMS',
  note: 'NOTE',
  overrideNumber: 'OVERRIDE_NUMBER',
  shippingAddress: 'SHIPPING_ADDRESS',
  status: 'STATUS',
  title: 'TITLE',
  vendorId: 'VENDOR',
  vendorContactIds: 'VENDOR_CONTACTS',
};

export function announcePurchaseOrderChange(
  plant: Plant,
  before: Row,
  row: Row,
  changed: readonly string[],
  act: Act,
): void {
  // Other properties than the specification's tell nothing.
  const properties = changed.flatMap((field) => PROPERTIES[field] ?? []);
  if (properties.length > 0)
    announce(plant, act, {
      type: 'PURCHASE_ORDER_CHANGE',
      body: { purchaseOrderId: idOf(row) },
      matches: { oneOfPurchaseOrderProperties: properties },
      snapshot: { key: 'newPurchaseOrder', value: () => purchaseOrderSnapshot(plant, row, 'changed') },
    });
  if (changed.includes('status')) announceStatus(plant, before, row, act);
}

function announceStatus(plant: Plant, before: Row, row: Row, act: Act): void {
  const status = row['status'] ?? null;
  const vendorId = row['vendorId'];
  announce(plant, act, {
    type: 'PURCHASE_ORDER_STATUS_CHANGE',
    body: {
      purchaseOrderId: idOf(row),
      ...(typeof vendorId === 'number' ? { vendorId } : {}),
      oldStatus: before['status'] ?? null,
      newStatus: status,
    },
    matches: { oneOfStatuses: [status], vendors: [vendorId ?? null] },
    snapshot: { key: 'purchaseOrder', value: () => purchaseOrderSnapshot(plant, row, 'status') },
  });
}
