import type { JsonObject } from '../../base/json.ts';
import type { Kind } from '../../maintainx/catalogue/index.ts';
import { announce, type Act, type Plant } from './plant.ts';
import { idOf, type Row } from './row.ts';
import { partSnapshot, workOrderSnapshot } from './snapshots.ts';

/** Deletes a record. Only work orders, parts and users have an event for it (FACTS 1.2). */
export function removeRecord(plant: Plant, kind: Kind, row: Row, act: Act): void {
  const id = idOf(row);
  if (kind === 'work-order') {
    const value = keep(workOrderSnapshot(plant, row));
    announce(plant, act, {
      type: 'WORK_ORDER_DELETE',
      body: { workOrderId: id },
      snapshot: { key: 'WorkOrder', value },
    });
    plant.comments.delete(id);
  } else if (kind === 'part') {
    const value = keep(partSnapshot(row));
    announce(plant, act, { type: 'PART_DELETE', body: { partId: id }, snapshot: { key: 'deletedPart', value } });
  } else if (kind === 'user') {
    announce(plant, act, { type: 'USER_REMOVED', body: { actorId: act.userId, targetUserId: id } });
  }
  plant.store.delete(kind, id);
}

const keep = (snapshot: JsonObject) => (): JsonObject => snapshot;
