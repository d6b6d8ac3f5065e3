import type { Json, JsonObject } from '../../base/json.ts';
import { insert, touch, type Act, type Plant } from './plant.ts';
import { idOf, numberOf, objectsOf, type Row } from './row.ts';

/** The rows of a template in the order in which they are displayed. */
export function rowsOfTemplate(plant: Plant, templateId: number): Row[] {
  const rows = [...plant.store.where('procedure-template-row', 'templateId', templateId).forwards()];
  return rows.toSorted((left, right) => numberOf(left['index']) - numberOf(right['index']) || idOf(left) - idOf(right));
}

export function createTemplate(plant: Plant, title: Json, fields: Json | undefined, act: Act): Row {
  const template = insert(plant, 'procedure-template', { title, description: null }, act.userId);
  for (const field of objectsOf(fields)) addRow(plant, template, field, act);
  return template;
}

function addRow(plant: Plant, template: Row, field: JsonObject, act: Act): void {
  const last = rowsOfTemplate(plant, idOf(template)).at(-1);
  const index = last === undefined ? 0 : numberOf(last['index']) + 1;
  insert(plant, 'procedure-template-row', { index, attachments: [], ...field, templateId: idOf(template) }, act.userId);
}

/** `fields` with an id change rows of the template, the others are new ones. */
export function updateTemplate(plant: Plant, template: Row, body: JsonObject, act: Act): void {
  const { fields, ...own } = body;
  for (const field of objectsOf(fields)) {
    const row = plant.store.get('procedure-template-row', numberOf(field['id']));
    if (row === undefined) addRow(plant, template, field, act);
    else updateRow(plant, row, field);
  }
  Object.assign(template, own);
  touch(plant, template);
}

export function updateRow(plant: Plant, row: Row, fields: JsonObject): void {
  Object.assign(row, fields);
  touch(plant, row);
  touchTemplate(plant, row);
}

function touchTemplate(plant: Plant, row: Row): void {
  const template = plant.store.get('procedure-template', numberOf(row['templateId']));
  if (template !== undefined) touch(plant, template);
}

export function removeRow(plant: Plant, row: Row): void {
  plant.store.delete('procedure-template-row', idOf(row));
  touchTemplate(plant, row);
}

export function removeTemplate(plant: Plant, template: Row): void {
  for (const row of rowsOfTemplate(plant, idOf(template))) plant.store.delete('procedure-template-row', idOf(row));
  plant.store.delete('procedure-template', idOf(template));
}
