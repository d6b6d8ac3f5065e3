import { isObject, objectOf, type Json, type JsonObject } from '../../base/json.ts';
import type { Kind } from '../../maintainx/catalogue/index.ts';
import { badFields, fieldError } from '../http/answer.ts';
import { newId, type Plant } from '../plant/plant.ts';
import { listOf, numberOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import { stockPlace } from '../plant/stock.ts';

/** Words of a request body that change nothing of the record by themselves. */
const IGNORED: readonly string[] = [
  'workOrderTemplateId',
  'procedureTemplateId',
  'skipRestHook',
  'inviteType',
  'membersCount',
  'shippingAddressId',
  'billingAddressId',
  'createdAt',
  'updatedAt',
  'deletedAt',
];

/** The record's fields that a request body sets; `row` is what stands there now. */
export function fieldsFrom(plant: Plant, kind: Kind, body: JsonObject, row: Row | undefined): Row {
  const fields: Row = Object.fromEntries(Object.entries(body).filter(([name]) => !IGNORED.includes(name)));
  if (kind === 'work-order') return workOrderFields(plant, fields);
  if (kind === 'asset') return assetFields(fields);
  if (kind === 'part') return partFields(fields, row);
  if (kind === 'purchase-order') return purchaseOrderFields(plant, fields, row);
  if (kind === 'work-request') return workRequestFields(fields);
  return fields;
}

function rename(fields: Row, from: string, to: string, map: (value: Json) => Json): void {
  const value = fields[from];
  if (value === undefined) return;
  delete fields[from];
  fields[to] = map(value);
}

function workOrderFields(plant: Plant, fields: Row): Row {
  delete fields['workRequestId'];
  rename(fields, 'repeatability', 'recurrenceInfo', (value) => value);
  rename(fields, 'partsUsed', 'parts', (lines) =>
    objectsOf(lines).map((line) => ({
      id: numberOf(line['partId']),
      quantityUsed: numberOf(line['quantityUsed']),
      locationId: line['locationId'] ?? null,
      copyOnRecurring: line['copyOnRecurring'] ?? 'Default',
    })),
  );
  if (isObject(fields['procedure'])) fields['procedure'] = procedureFrom(plant, fields['procedure']);
  return fields;
}

/** A procedure as it is read: fields with ids and values. */
function procedureFrom(plant: Plant, procedure: JsonObject): Row {
  return {
    id: newId(plant, 'line'),
    title: textOf(procedure['title']),
    fields: objectsOf(procedure['fields']).map((field) => ({
      id: newId(plant, 'line'),
      type: textOf(field['type']),
      label: textOf(field['label']),
      required: false,
      value: {},
    })),
  };
}

/** Written as `{id, name}`, read as the name. */
function assetFields(fields: Row): Row {
  for (const field of ['manufacturer', 'model'])
    rename(fields, field, field, (value) => (isObject(value) ? (value['name'] ?? null) : null));
  return fields;
}

const ROOT_STOCK_FIELDS = ['area', 'availableQuantity', 'locationId', 'minimumQuantity'];

/** Stock is written as `locations`; the fields at the root are deprecated (FACTS 2.4). */
function partFields(fields: Row, part: Row | undefined): Row {
  const old = objectsOf(part?.['locations']);
  const legacy = ROOT_STOCK_FIELDS.filter((field) => fields[field] !== undefined);
  if (legacy.length > 0 && old.length > 1) {
    const error = 'cannot be set on a part with several locations: write locations';
    throw badFields(legacy.map((field) => fieldError(error, field, fields[field])));
  }
  if (fields['locations'] !== undefined) fields['locations'] = placesFrom(fields['locations'], old);
  else if (legacy.length > 0 && (old.length > 0 || typeof fields['locationId'] === 'number'))
    fields['locations'] = [stockPlace({ ...old[0], ...chosen(fields, legacy) })];
  for (const field of ROOT_STOCK_FIELDS) delete fields[field];
  return fields;
}

const chosen = (fields: Row, names: readonly string[]): Row =>
  Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));

/** POST takes a list of places; PATCH takes `{addedUpdated, removedLocationIds}`. */
function placesFrom(written: Json, old: readonly JsonObject[]): Json {
  if (Array.isArray(written)) return objectsOf(written).map(stockPlace);
  const removed = listOf(objectOf(written)['removedLocationIds']);
  const places = new Map(old.map((place) => [numberOf(place['locationId']), place]));
  for (const id of removed) places.delete(numberOf(id));
  for (const place of objectsOf(objectOf(written)['addedUpdated'])) {
    const id = numberOf(place['locationId']);
    places.set(id, stockPlace({ ...places.get(id), ...place }));
  }
  return [...places.values()];
}

function purchaseOrderFields(plant: Plant, fields: Row, row: Row | undefined): Row {
  const old = new Map(objectsOf(row?.['items']).map((item) => [item['id'], item]));
  if (fields['items'] !== undefined)
    fields['items'] = objectsOf(fields['items']).map((item) =>
      orderLine(plant, { ...old.get(item['id'] ?? null), ...item }),
    );
  if (fields['costs'] !== undefined)
    fields['costs'] = objectsOf(fields['costs']).map((cost) => ({ id: newId(plant, 'line'), ...cost }));
  return fields;
}

/** A line of a purchase order as it is read: money also as decimals. */
export function orderLine(plant: Plant, item: JsonObject): Row {
  const unitCost = numberOf(item['unitCost'] ?? item['price']);
  const price = numberOf(item['price'] ?? unitCost);
  const part = plant.store.get('part', numberOf(item['partId']));
  const vendor = objectsOf(part?.['vendors'])[0];
  return {
    id: newIdUnless(plant, item['id']),
    partId: item['partId'] ?? null,
    name: item['name'] ?? part?.['name'] ?? null,
    partNumber: item['partNumber'] ?? vendor?.['partNumber'] ?? null,
    price,
    priceDecimal: (price / 100).toFixed(2),
    quantityOrdered: numberOf(item['quantityOrdered']),
    quantityReceived: numberOf(item['quantityReceived']),
    unitCost,
    unitCostDecimal: (unitCost / 100).toFixed(2),
    fulfillments: item['fulfillments'] ?? [],
    extraFields: item['extraFields'] ?? {},
    lineExtraFields: item['lineExtraFields'] ?? {},
    partExtraFields: part?.['extraFields'] ?? {},
  };
}

const newIdUnless = (plant: Plant, id: Json | undefined): number =>
  typeof id === 'number' ? id : newId(plant, 'line');

/** Contact details of somebody who is no user: written as text, read with its type. */
function workRequestFields(fields: Row): Row {
  rename(fields, 'creatorContactInfo', 'creatorContactInfo', (value) => {
    const text = textOf(value);
    if (text === '') return null;
    return { type: text.includes('@') ? 'EMAIL' : /^[+\d][\d\s()-]+$/.test(text) ? 'PHONE' : 'OTHER', value: text };
  });
  return fields;
}
