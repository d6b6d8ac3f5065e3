import { objectOf, type JsonObject } from '../../base/json.ts';
import { insert, touch, type Act, type Plant } from './plant.ts';
import { idOf, numberOf, objectsOf, textOf, type Row } from './row.ts';
import type { Table } from './tables.ts';

/** What has custom fields, in the words of the API. */
export type Entity =
  'assets' | 'locations' | 'parts' | 'workOrders' | 'vendors' | 'purchaseOrders' | 'lineItemPurchaseOrders';

/** Where the values of an entity's fields stand. */
const TABLES: Readonly<Record<Entity, Table>> = {
  assets: 'asset',
  locations: 'location',
  parts: 'part',
  workOrders: 'work-order',
  vendors: 'vendor',
  purchaseOrders: 'purchase-order',
  lineItemPurchaseOrders: 'purchase-order',
};

/** Weights lie apart, as if there were room to put others between them. */
const WEIGHT = 1000;

/** The custom fields of an entity in the order of their weights. */
export function fieldsOf(plant: Plant, entity: string): readonly Row[] {
  const fields = [...plant.store.where('custom-field', 'entity', entity).forwards()];
  return fields.sort((left, right) => numberOf(left['sortOrder']) - numberOf(right['sortOrder']));
}

export function fieldLabelled(plant: Plant, entity: string, label: string): Row | undefined {
  return plant.store
    .where('custom-field', 'label', label)
    .forwards()
    .find((field) => field['entity'] === entity);
}

export function newField(plant: Plant, entity: Entity, fields: JsonObject, act: Act): Row {
  const last = fieldsOf(plant, entity).at(-1);
  const sortOrder = numberOf(last?.['sortOrder']) + WEIGHT;
  return insert(plant, 'custom-field', { options: [], ...fields, entity, sortOrder }, act.userId);
}

/** A new label is a new key in every record: nobody is told, and no `updatedAt` moves (FACTS 2.3). */
export function editField(plant: Plant, entity: Entity, field: Row, { sortIndex, ...fields }: JsonObject): void {
  const [before, after] = [textOf(field['label']), textOf(fields['label'])];
  Object.assign(field, fields);
  touch(plant, field);
  if (after !== '' && after !== before) relabel(plant, entity, before, after);
  if (typeof sortIndex === 'number') placeAt(plant, entity, field, sortIndex);
}

/** With a field go its values. */
export function removeField(plant: Plant, entity: Entity, field: Row): void {
  relabel(plant, entity, textOf(field['label']), undefined);
  plant.store.delete('custom-field', idOf(field));
}

function placeAt(plant: Plant, entity: Entity, field: Row, index: number): void {
  const rest = fieldsOf(plant, entity).filter((other) => other !== field);
  rest.splice(Math.max(0, index), 0, field);
  for (const [place, other] of rest.entries()) other['sortOrder'] = (place + 1) * WEIGHT;
}

/** Moves the values of a label to another one, or drops them. */
function relabel(plant: Plant, entity: Entity, from: string, to: string | undefined): void {
  for (const row of plant.store.all(TABLES[entity])) {
    if (entity !== 'lineItemPurchaseOrders') moveValue(row, 'extraFields', from, to);
    else moveInLines(row, ['lineExtraFields', 'extraFields'], from, to);
  }
  // Lines of purchase orders show the fields of their part.
  if (entity !== 'parts') return;
  for (const order of plant.store.all('purchase-order')) moveInLines(order, ['partExtraFields'], from, to);
}

function moveInLines(order: Row, holders: readonly string[], from: string, to: string | undefined): void {
  order['items'] = objectsOf(order['items']).map((item) => {
    const moved: Row = { ...item };
    for (const holder of holders) moveValue(moved, holder, from, to);
    return moved;
  });
}

function moveValue(row: Row, holder: string, from: string, to: string | undefined): void {
  const values = objectOf(row[holder]);
  if (!Object.hasOwn(values, from)) return;
  const entries = Object.entries(values).flatMap(([label, value]) =>
    label !== from ? [{ label, value }] : to === undefined ? [] : [{ label: to, value }],
  );
  row[holder] = Object.fromEntries(entries.map((entry) => [entry.label, entry.value]));
}
