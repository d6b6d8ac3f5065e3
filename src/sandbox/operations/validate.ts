import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import { badFields, fieldError, type FieldError } from '../http/answer.ts';
import type { Plant } from '../plant/plant.ts';
import { labelErrors } from './custom-field.ts';

const REFERENCES: Readonly<Record<string, CoreKind>> = {
  assetId: 'asset',
  locationId: 'location',
  vendorId: 'vendor',
  approverTeamId: 'team',
};

/** Refuses a body whose fields fit the specification one by one, but not this plant or each other; all errors at once. */
export function checkBody(plant: Plant, kind: CoreKind, verb: 'create' | 'update', body: Json | undefined): JsonObject {
  if (!isObject(body)) throw badFields([{ error: 'must be object' }]);
  const errors = [
    ...Object.entries(body).flatMap(([field, value]) => checkReference(plant, kind, field, value)),
    ...checkDates(verb, body),
    ...labelErrors(plant, kind, body),
  ];
  if (errors.length > 0) throw badFields(errors);
  return body;
}

function checkReference(plant: Plant, kind: CoreKind, field: string, value: Json): readonly FieldError[] {
  const target = field === 'parentId' ? kind : REFERENCES[field];
  return target !== undefined && typeof value === 'number' && plant.store.get(target, value) === undefined
    ? [fieldError(`${target} not found`, field, value)]
    : [];
}

/** FACTS 2.4: a start date is valid only with a due date. */
function checkDates(verb: string, body: JsonObject): readonly FieldError[] {
  const isAlone = verb === 'create' && typeof body['startDate'] === 'string' && typeof body['dueDate'] !== 'string';
  return isAlone ? [fieldError('is only valid with dueDate', 'startDate', body['startDate'])] : [];
}
