import { objectOf, type JsonObject } from '../../base/json.ts';
import { badFields, fieldError, refused, type Answer, type FieldError } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { editField, fieldLabelled, fieldsOf, newField, removeField, type Entity } from '../plant/custom-field.ts';
import type { Plant } from '../plant/plant.ts';
import { listOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import type { World } from '../world.ts';
import { idIn, type Handlers } from './handler.ts';
import { projectedRows } from './shown-page.ts';

const ENTITIES = [
  'assets',
  'locations',
  'parts',
  'workOrders',
  'vendors',
  'purchaseOrders',
  'lineItemPurchaseOrders',
] as const satisfies readonly Entity[];

function entityIn({ params }: ApiRequest): Entity {
  const entity = ENTITIES.find((one) => one === params['entity']);
  if (entity === undefined) throw refused(404, 'custom field Not Found');
  return entity;
}

function listFields({ plant }: World, request: ApiRequest): Answer {
  return { status: 200, json: projectedRows('listCustomFields', fieldsOf(plant, entityIn(request))) };
}

/** All of them, or none when one is not good. */
function createFields({ plant }: World, request: ApiRequest): Answer {
  const entity = entityIn(request);
  const wanted = objectsOf(objectOf(request.body)['fields']);
  const errors = wanted.flatMap((field, index) => [
    ...fieldErrors(plant, entity, field, `fields.${index}`),
    ...repeated(wanted.slice(0, index), field, `fields.${index}`),
  ]);
  if (errors.length > 0) throw badFields(errors);
  const made = wanted.map((field) => newField(plant, entity, withOptions(field), request.act));
  return { status: 200, json: projectedRows('createCustomField', made) };
}

/** Null options are none. */
const withOptions = (field: JsonObject): JsonObject => (field['options'] === null ? { ...field, options: [] } : field);

function fieldErrors(plant: Plant, entity: Entity, field: JsonObject, path: string): readonly FieldError[] {
  const { label, options } = field;
  const errors: FieldError[] = [];
  if (label !== undefined && textOf(label).trim() === '')
    errors.push(fieldError('must NOT have fewer than 1 characters', `${path}.label`, label));
  // A key that no JSON object may have.
  if (label === '__proto__') errors.push(fieldError('is not allowed', `${path}.label`, label));
  if (fieldLabelled(plant, entity, textOf(label)) !== undefined)
    errors.push(fieldError('already exists', `${path}.label`, label));
  if (field['type'] === 'singleSelect' && listOf(options).length === 0)
    errors.push(fieldError('must NOT have fewer than 1 items', `${path}.options`, undefined));
  return errors;
}

function repeated(before: readonly JsonObject[], field: JsonObject, path: string): readonly FieldError[] {
  const isAgain = before.some((other) => other['label'] === field['label']);
  return isAgain ? [fieldError('already exists', `${path}.label`, field['label'])] : [];
}

function updateField({ plant }: World, request: ApiRequest): Answer {
  const entity = entityIn(request);
  const row = need(plant, entity, request, 'custom field Not Found');
  const wanted = withOptions(objectOf(objectOf(request.body)['field']));
  const { label, ...rest } = wanted;
  const isRenamed = label !== undefined && label !== row['label'];
  const asWritten = { options: row['options'] ?? [], type: row['type'] ?? null, ...rest };
  const errors = fieldErrors(plant, entity, isRenamed ? { ...asWritten, label } : asWritten, 'field');
  if (errors.length > 0) throw badFields(errors);
  editField(plant, entity, row, wanted);
  return { status: 204 };
}

function deleteField({ plant }: World, request: ApiRequest): Answer {
  const entity = entityIn(request);
  removeField(plant, entity, need(plant, entity, request, 'Custom Fields Not Found'));
  return { status: 204 };
}

function need(plant: Plant, entity: Entity, request: ApiRequest, sentence: string): Row {
  const row = plant.store.get('custom-field', idIn(request));
  if (row?.['entity'] !== entity) throw refused(404, sentence);
  return row;
}

/** The definitions of the custom fields of seven entities. */
export const customFieldHandlers = {
  listCustomFields: listFields,
  createCustomField: createFields,
  updateCustomField: updateField,
  deleteCustomField: deleteField,
} satisfies Partial<Handlers>;
