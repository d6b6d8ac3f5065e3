import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import type { Act, Announcement, Plant } from './plant.ts';
import { idOf, type Row } from './row.ts';
import { assetSnapshot, partSnapshot, purchaseOrderSnapshot, workOrderSnapshot } from './snapshots.ts';

type News = (plant: Plant, row: Row, act: Act) => Announcement;

/** What webhooks tell of a new record. A kind that is missing has no such event. */
const NEWS: Readonly<Partial<Record<CoreKind, News>>> = {
  'work-order': (plant, row) => ({
    type: 'NEW_WORK_ORDER',
    body: { workOrderId: idOf(row) },
    snapshot: { key: 'newWorkOrder', value: () => workOrderSnapshot(plant, row) },
  }),
  'work-request': (_, row) => ({ type: 'NEW_WORK_REQUEST', body: { workRequestId: idOf(row) } }),
  asset: (_, row) => ({
    type: 'NEW_ASSET',
    body: { assetId: idOf(row) },
    snapshot: { key: 'newAsset', value: () => assetSnapshot(row) },
  }),
  location: (_, row) => ({ type: 'NEW_LOCATION', body: { locationId: idOf(row) } }),
  part: (_, row) => ({
    type: 'NEW_PART',
    body: { partId: idOf(row) },
    snapshot: { key: 'newPart', value: () => partSnapshot(row, true) },
  }),
  'purchase-order': (plant, row, act) => ({
    type: 'NEW_PURCHASE_ORDER',
    body: { purchaseOrderId: idOf(row), userId: act.userId },
    snapshot: { key: 'newPurchaseOrder', value: () => purchaseOrderSnapshot(plant, row, 'created') },
  }),
  vendor: (_, row) => ({ type: 'NEW_VENDOR', body: { vendorId: idOf(row) } }),
  user: (_, row, act) => ({
    type: 'USER_INVITED',
    body: { actorId: act.userId, targetUserId: idOf(row), role: row['role'] ?? 'MEMBER', creationMethod: 'API' },
  }),
};

export function newsOf(plant: Plant, kind: CoreKind, row: Row, act: Act): Announcement | undefined {
  return NEWS[kind]?.(plant, row, act);
}
