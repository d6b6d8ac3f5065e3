import { announce, touch, type Act, type Plant } from './plant.ts';
import { idOf, textOf, type Row } from './row.ts';

export function setRequestStatus(plant: Plant, request: Row, status: string, act: Act): void {
  const oldStatus = textOf(request['requestStatus']);
  if (oldStatus === status) return;
  request['requestStatus'] = status;
  touch(plant, request);
  announce(plant, act, {
    type: 'WORK_REQUEST_STATUS_CHANGE',
    body: { requestId: idOf(request), oldStatus, newStatus: status },
    matches: { oneOfStatuses: [status] },
  });
}

/** A work order made from a request approves it. */
export function approveRequest(plant: Plant, requestId: number, workOrder: Row, act: Act): void {
  const request = plant.store.get('work-request', requestId);
  if (request === undefined) return;
  request['workOrderId'] = idOf(workOrder);
  plant.store.moved(request);
  setRequestStatus(plant, request, 'APPROVED', act);
}
