import { objectOf } from '../../base/json.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { addComment } from '../plant/comment.ts';
import type { Plant } from '../plant/plant.ts';
import { idOf, textOf } from '../plant/row.ts';
import { idIn } from './handler.ts';
import { pageOf } from './page.ts';
import { needRow } from './records-api.ts';

export function listComments(plant: Plant, request: ApiRequest): Answer {
  const workOrder = needRow(plant, 'work-order', idIn(request));
  return pageOf('comments', plant.comments.get(idOf(workOrder)) ?? [], request);
}

export function postComment(plant: Plant, request: ApiRequest): Answer {
  const workOrder = needRow(plant, 'work-order', idIn(request));
  const content = textOf(objectOf(request.body)['content']);
  return { status: 201, json: { id: idOf(addComment(plant, workOrder, content, request.act)) } };
}
