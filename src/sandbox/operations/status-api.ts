import { objectOf } from '../../base/json.ts';
import { badFields, refused, type Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Plant } from '../plant/plant.ts';
import { setWorkOrderStatus } from '../plant/work-order-status.ts';
import { idIn } from './handler.ts';
import { wrapped } from './records-api.ts';

/** Takes every status but SKIPPED (FACTS 2.4). */
export function patchWorkOrderStatus(plant: Plant, request: ApiRequest): Answer {
  const row = plant.store.get('work-order', idIn(request));
  if (row === undefined) throw refused(404, 'Work Order Not Found');
  const { status } = objectOf(request.body);
  // The schema does not require it, but there is nothing else to do here.
  if (typeof status !== 'string') throw badFields([{ error: 'Invalid status', fieldPath: 'status' }]);
  setWorkOrderStatus(plant, row, status, request.act);
  // The answer's schema has both without an expand.
  return wrapped(plant, 'work-order', row, new Set(['estimated_time', 'extra_fields']));
}
