import { objectOf, type JsonObject } from '../../base/json.ts';
import { fieldError, type FieldError } from '../http/answer.ts';
import type { Plant } from '../plant/plant.ts';
import { textOf, type Row } from '../plant/row.ts';
import { unknownIdsIn } from './nested-references.ts';
import { unknownId, unknownIds } from './references.ts';
import { unknownPeople } from './work-order-person.ts';

/** What is wrong with a work order's body beyond its shape; `row` is what stands there now. */
export function workOrderComplaints(plant: Plant, body: JsonObject, row: Row | undefined): readonly FieldError[] {
  return [
    ...unknownPeople(plant, body),
    ...unknownIds(plant, 'vendor', 'vendorIds', body['vendorIds']),
    ...unknownIdsIn(plant, 'part', 'partsUsed', body['partsUsed'], 'partId'),
    ...unknownIdsIn(plant, 'location', 'partsUsed', body['partsUsed'], 'locationId'),
    ...unknownId(plant, 'procedure-template', 'procedureTemplateId', body['procedureTemplateId']),
    ...unknownIdsIn(plant, 'meter', 'procedure.fields', objectOf(body['procedure'])['fields'], 'meterId'),
    ...templateComplaints(body),
    ...requestComplaints(plant, body),
    ...familyComplaints(plant, body),
    ...dateComplaints(body, row),
  ];
}

/** No operation makes or lists work order templates, and this plant has none. */
function templateComplaints({ workOrderTemplateId }: JsonObject): readonly FieldError[] {
  return typeof workOrderTemplateId === 'number'
    ? [fieldError('work order template not found', 'workOrderTemplateId', workOrderTemplateId)]
    : [];
}

/** A request is approved once. */
function requestComplaints(plant: Plant, { workRequestId }: JsonObject): readonly FieldError[] {
  const unknown = unknownId(plant, 'work-request', 'workRequestId', workRequestId);
  if (unknown.length > 0 || typeof workRequestId !== 'number') return unknown;
  const status = textOf(plant.store.get('work-request', workRequestId)?.['requestStatus']);
  return ['APPROVED', 'DONE'].includes(status)
    ? [fieldError(`work request is already ${status}`, 'workRequestId', workRequestId)]
    : [];
}

function familyComplaints(plant: Plant, { isParent, parentId }: JsonObject): readonly FieldError[] {
  if (typeof parentId !== 'number') return [];
  if (isParent === true) return [fieldError('is mutually exclusive with isParent', 'parentId', parentId)];
  const parent = plant.store.get('work-order', parentId);
  return typeof parent?.['parentId'] === 'number'
    ? [fieldError('is itself a sub work order', 'parentId', parentId)]
    : [];
}

/** FACTS 2.4: a start date is valid only with a due date, be it one that stands there already. */
function dateComplaints(body: JsonObject, row: Row | undefined): readonly FieldError[] {
  if (row === undefined || typeof body['startDate'] !== 'string') return [];
  const dueDate = body['dueDate'] === undefined ? row['dueDate'] : body['dueDate'];
  return typeof dueDate === 'string' ? [] : [fieldError('is only valid with dueDate', 'startDate', body['startDate'])];
}
