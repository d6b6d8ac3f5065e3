import { objectOf, type JsonObject } from '../../base/json.ts';
import { newId, type Plant } from './plant.ts';
import { rowsOfTemplate } from './procedure-template.ts';
import { idOf, numberOf, objectsOf, pick, textOf, type Row } from './row.ts';

/** Procedures inside work orders, as they are read. A change makes a new object: whoever holds the old one keeps it. */

/** A procedure as somebody wrote it; its `id` may name the template that it is of. */
export function procedureFrom(plant: Plant, written: JsonObject): Row {
  const template = plant.store.get('procedure-template', numberOf(written['id']));
  return {
    id: newId(plant, 'line'),
    ...(template === undefined ? {} : { templateIds: [idOf(template)] }),
    title: textOf(written['title']),
    fields: inOrder(objectsOf(written['fields'])).map((field) => newField(plant, field)),
  };
}

export function procedureOfTemplate(plant: Plant, template: Row): Row {
  const procedureTemplateId = idOf(template);
  return {
    id: newId(plant, 'line'),
    templateIds: [procedureTemplateId],
    title: textOf(template['title']),
    fields: rowsOfTemplate(plant, procedureTemplateId).map((row) => ({
      ...newField(plant, row),
      procedureTemplateId,
      procedureTemplateFieldId: idOf(row),
    })),
  };
}

/** The same steps, not yet done. */
export function blankCopy(plant: Plant, procedure: JsonObject): Row {
  return {
    ...pick(procedure, ['templateIds', 'title', 'maxScore']),
    id: newId(plant, 'line'),
    fields: objectsOf(procedure['fields']).map((field) => ({
      ...pick(
        field,
        Object.keys(field).filter((name) => name !== 'score'),
      ),
      id: newId(plant, 'line'),
      value: {},
    })),
  };
}

function newField(plant: Plant, field: JsonObject): Row {
  const meter = plant.store.get('meter', numberOf(field['meterId']));
  return {
    id: newId(plant, 'line'),
    type: textOf(field['type']),
    label: textOf(field['label']),
    required: false,
    ...(typeof field['description'] === 'string' ? { description: field['description'] } : {}),
    ...(meter === undefined ? {} : { meter: { id: idOf(meter), name: textOf(meter['name']) } }),
    ...(field['type'] === 'DATE' ? { isDateAndTime: field['isDateAndTime'] === true } : {}),
    value: {},
  };
}

/** By `index`; steps without one stay where they were written. */
function inOrder(fields: readonly JsonObject[]): JsonObject[] {
  return fields
    .map((field, place) => ({ field, key: typeof field['index'] === 'number' ? field['index'] : place }))
    .toSorted((left, right) => left.key - right.key)
    .map(({ field }) => field);
}

/** The procedure with these files at a field; in answers `attachment` repeats the first of `attachments` (FACTS 2.4). */
export function withFiles(procedure: JsonObject, index: number, files: readonly Row[]): Row {
  const fields = objectsOf(procedure['fields']).map((field, place) => {
    if (place !== index) return field;
    const [first] = files;
    const held = first === undefined ? {} : { attachment: first, attachments: files, hasAttachments: true };
    return { ...field, value: { ...pick(valueOf(field), ['text', 'notes']), ...held } };
  });
  return { ...procedure, fields };
}

export const filesOfField = (field: JsonObject): readonly JsonObject[] => objectsOf(valueOf(field)['attachments']);

const valueOf = (field: JsonObject): JsonObject => objectOf(field['value']);
