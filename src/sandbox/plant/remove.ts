import type { JsonObject } from '../../base/json.ts';
import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import { announce, type Act, type Plant } from './plant.ts';
import { dropTalk } from './purchase-order-talk.ts';
import { idOf, type Row } from './row.ts';
import { partSnapshot, workOrderSnapshot } from './snapshots.ts';
import { removeBelongings } from './belongings.ts';
import { subWorkOrders } from './work-order-family.ts';
import { dropPermits } from './work-permit.ts';

/** Deletes a record. Only work orders, parts and users have an event for it (FACTS 1.2). */
export function removeRecord(plant: Plant, kind: CoreKind, row: Row, act: Act): void {
  const id = idOf(row);
  if (kind === 'work-order') {
    const value = keep(workOrderSnapshot(plant, row));
    announce(plant, act, {
      type: 'WORK_ORDER_DELETE',
      body: { workOrderId: id },
      snapshot: { key: 'WorkOrder', value },
    });
    plant.comments.delete(id);
    dropPermits(plant, id);
    for (const child of subWorkOrders(plant, row)) removeRecord(plant, kind, child, act);
  } else if (kind === 'part') {
    const value = keep(partSnapshot(row));
    announce(plant, act, { type: 'PART_DELETE', body: { partId: id }, snapshot: { key: 'deletedPart', value } });
  } else if (kind === 'user') {
    announce(plant, act, { type: 'USER_REMOVED', body: { actorId: act.userId, targetUserId: id } });
  }
  if (kind === 'purchase-order') dropTalk(plant, row);
  removeBelongings(plant, kind, row);
  plant.store.delete(kind, id);
}

const keep = (snapshot: JsonObject) => (): JsonObject => snapshot;
