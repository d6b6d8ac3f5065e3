import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import { createRecord } from '../plant/create.ts';
import { isoAt, type Plant } from '../plant/plant.ts';
import { procedureFrom, procedureOfTemplate } from '../plant/procedure.ts';
import { idOf, numberOf, objectsOf, textOf, textsOf, type Row } from '../plant/row.ts';
import { inheritedFrom } from '../plant/work-order-family.ts';
import { refuseAny } from './nested-references.ts';
import { workOrderComplaints } from './work-order-complaints.ts';
import { assigneesFrom, userNamed } from './work-order-person.ts';

/** Written as they are read. */
const PLAIN = [
  'assetId',
  'description',
  'estimatedTime',
  'externalData',
  'extraFields',
  'isParent',
  'locationId',
  'parentId',
  'priority',
  'title',
  'type',
  'vendorIds',
];

type Read = (plant: Plant, value: Json, row: Row | undefined) => Row;

/** Fields that are written in another way than they are read. */
const READS: Readonly<Record<string, Read>> = {
  assignees: (plant, value) => ({ assignees: assigneesFrom(plant, value) }),
  categories: (plant, value) => ({ categories: categoriesFrom(plant, textsOf(value)) }),
  requesterId: (plant, value) => ({ requesterId: value === null ? null : idOf(userNamed(plant, value) ?? {}) }),
  repeatability: (_, value) => ({ recurrenceInfo: value }),
  recurrenceInfo: (_, value) => ({ recurrenceInfo: value }),
  partsUsed: (_, value, row) => ({ parts: partsFrom(value, objectsOf(row?.['parts'])) }),
  procedure: (plant, value) => ({ procedure: isObject(value) ? procedureFrom(plant, value) : null }),
  procedureTemplateId: (plant, value) => templateFrom(plant, value),
  workRequestId: (plant, value) => requesterOf(plant, value),
  startDate: (_, value) => ({ startDate: timeFrom(value) }),
  dueDate: (_, value, row) => dueDateFrom(value, row),
};

/** The record's fields that the body of a work order sets; `row` is what stands there now. Refuses what does not fit. */
export function workOrderFields(plant: Plant, body: JsonObject, row: Row | undefined): Row {
  refuseAny(workOrderComplaints(plant, body, row));
  const parent = row === undefined ? plant.store.get('work-order', numberOf(body['parentId'])) : undefined;
  const fields: Row = parent === undefined ? {} : inheritedFrom(parent);
  for (const [name, read] of Object.entries(READS)) {
    const value = body[name];
    if (value !== undefined) Object.assign(fields, read(plant, value, row), plainRequester(plant, name, body));
  }
  for (const name of PLAIN) {
    const value = body[name];
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}

/** A requester who is named goes before the one who made the request. */
const plainRequester = (plant: Plant, name: string, { requesterId }: JsonObject): Row =>
  name === 'workRequestId' && requesterId !== undefined && requesterId !== null
    ? { requesterId: idOf(userNamed(plant, requesterId) ?? {}) }
    : {};

function requesterOf(plant: Plant, requestId: Json): Row {
  const request = plant.store.get('work-request', numberOf(requestId));
  return request === undefined ? {} : { requesterId: request['creatorId'] ?? null };
}

/** Labels; one that is new to the plant becomes a category of it. */
function categoriesFrom(plant: Plant, labels: readonly string[]): string[] {
  const wanted = [...new Set(labels)];
  for (const label of wanted)
    if (plant.store.where('category', 'label', label).size === 0)
      createRecord(plant, 'category', { label }, { userId: 0, quiet: true });
  return wanted;
}

/** The list replaces the old one; a line that does not say how much keeps its quantity. */
function partsFrom(lines: Json, old: readonly JsonObject[]): Row[] {
  return objectsOf(lines).map((line) => {
    const id = numberOf(line['partId']);
    const before = old.find((one) => one['id'] === id);
    return {
      id,
      quantityUsed: numberOf(line['quantityUsed'] ?? before?.['quantityUsed']),
      locationId: line['locationId'] ?? null,
      copyOnRecurring: line['copyOnRecurring'] ?? 'Default',
    };
  });
}

function templateFrom(plant: Plant, id: Json): Row {
  const template = plant.store.get('procedure-template', numberOf(id));
  return template === undefined ? {} : { procedure: procedureOfTemplate(plant, template) };
}

/** In the form that times have in all answers, so that they also sort as text. */
const timeFrom = (value: Json): Json => (typeof value === 'string' ? isoAt(Date.parse(value)) : value);

/** Without a due date there is no start date (FACTS 2.4); a new one can become overdue anew. */
function dueDateFrom(value: Json, row: Row | undefined): Row {
  const dueDate = timeFrom(value);
  if (dueDate === null) return { dueDate, startDate: null };
  return row !== undefined && textOf(row['dueDate']) !== dueDate ? { dueDate, overdueTold: false } : { dueDate };
}
