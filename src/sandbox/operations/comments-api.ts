import { objectOf } from '../../base/json.ts';
import { refused, type Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { addComment } from '../plant/comment.ts';
import type { Plant } from '../plant/plant.ts';
import { idOf, textOf, type Row } from '../plant/row.ts';
import { idIn } from './handler.ts';
import { pageOf } from './page.ts';

export function listComments(plant: Plant, request: ApiRequest): Answer {
  const workOrder = workOrderIn(plant, request);
  return pageOf('comments', plant.comments.get(idOf(workOrder)) ?? [], request);
}

export function postComment(plant: Plant, request: ApiRequest): Answer {
  const workOrder = workOrderIn(plant, request);
  const content = textOf(objectOf(request.body)['content']);
  return { status: 201, json: { id: idOf(addComment(plant, workOrder, content, request.act)) } };
}

function workOrderIn(plant: Plant, request: ApiRequest): Row {
  const row = plant.store.get('work-order', idIn(request));
  if (row === undefined) throw refused(404, 'Work Order Not Found');
  return row;
}
