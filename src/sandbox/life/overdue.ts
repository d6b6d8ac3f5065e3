import type { Plant } from '../plant/plant.ts';
import { idOf, textOf } from '../plant/row.ts';

/** Statuses of work orders that somebody has still to do something about. */
export const LIVE = ['OPEN', 'IN_PROGRESS', 'ON_HOLD'];

/** Tells once of each live work order whose due date has passed. Nothing of the record changes by that. */
export function tellOverdue(plant: Plant): void {
  const now = plant.clock.now();
  for (const row of LIVE.flatMap((status) => [...plant.store.where('work-order', 'status', status).forwards()])) {
    const dueDate = textOf(row['dueDate']);
    if (row['overdueTold'] === true || !(Date.parse(dueDate) <= now)) continue;
    row['overdueTold'] = true;
    plant.announce({ type: 'WORK_ORDER_OVERDUE', body: { workOrderId: idOf(row), dueDate } });
  }
}
