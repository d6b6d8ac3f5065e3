import { announce, isoNow, touch, type Act, type Plant } from './plant.ts';
import { bookAt } from './stock.ts';
import { idOf, numberOf, objectsOf, textOf, type Row } from './row.ts';
import { workOrderSnapshot } from './snapshots.ts';
import { updateRecord } from './update.ts';
import { settlePartStatus } from './work-order-news.ts';
import { countStatus, progressNews } from './work-order-progress.ts';
import { continueChain } from './work-order-recurrence.ts';
import { setRequestStatus } from './work-request-status.ts';

/** In webhooks CANCELED and SKIPPED are sub-statuses of DONE (FACTS 2.4). */
const SUB_STATUSES: readonly string[] = ['CANCELED', 'SKIPPED'];
const mainStatus = (status: string): string => (SUB_STATUSES.includes(status) ? 'DONE' : status);

/** Moves a work order to `status`, with all that follows: dates, parts, the request it came from. */
export function setWorkOrderStatus(plant: Plant, row: Row, status: string, act: Act): void {
  const oldStatus = textOf(row['status']);
  if (oldStatus === status) return;
  row['status'] = status;
  countStatus(row, status);
  touch(plant, row);
  setDates(plant, row, status, act);
  announce(plant, act, {
    type: 'WORK_ORDER_STATUS_CHANGE',
    body: {
      workOrderId: idOf(row),
      oldStatus: mainStatus(oldStatus),
      ...(SUB_STATUSES.includes(oldStatus) ? { oldSubStatus: oldStatus } : {}),
      newStatus: mainStatus(status),
      ...(SUB_STATUSES.includes(status) ? { newSubStatus: status } : {}),
      progress: progressNews(row),
      userId: act.userId,
    },
    matches: { oneOfStatuses: [status] },
    snapshot: { key: 'newWorkOrder', value: () => workOrderSnapshot(plant, row) },
  });
  settlePartStatus(plant, row, act);
  if (status !== 'DONE') return;
  finish(plant, row, act);
  continueChain(plant, row, act);
}

function setDates(plant: Plant, row: Row, status: string, act: Act): void {
  const now = isoNow(plant);
  if (status === 'IN_PROGRESS') row['startedAt'] ??= now;
  row['completedAt'] = status === 'DONE' ? now : null;
  row['completerId'] = status === 'DONE' ? act.userId : null;
}

function finish(plant: Plant, workOrder: Row, act: Act): void {
  if (workOrder['partsConsumed'] !== true) consumeParts(plant, workOrder, act);
  const request = plant.store
    .where('work-request', 'workOrderId', idOf(workOrder))
    .forwards()
    .find((candidate) => candidate['requestStatus'] === 'APPROVED');
  if (request !== undefined) setRequestStatus(plant, request, 'DONE', act);
}

/** The parts leave the stock once, however often the work order is opened and finished again. */
function consumeParts(plant: Plant, workOrder: Row, act: Act): void {
  workOrder['partsConsumed'] = true;
  for (const line of objectsOf(workOrder['parts'])) {
    const part = plant.store.get('part', idOf(line));
    const used = numberOf(line['quantityUsed']);
    if (part === undefined || used === 0) continue;
    const place = line['locationId'] ?? objectsOf(part['locations'])[0]?.['locationId'];
    const locations = bookAt(part, numberOf(place), -used);
    updateRecord(plant, 'part', part, { locations }, act, 'WORK_ORDER');
  }
}
