import { isObject, objectOf, type Json, type JsonObject } from '../../base/json.ts';
import { createRecord } from './create.ts';
import { copiedFile } from './file.ts';
import { insert, isoAt, touch, type Act, type Plant } from './plant.ts';
import { blankCopy, procedureFrom, procedureOfTemplate } from './procedure.ts';
import { createTemplate } from './procedure-template.ts';
import { idOf, numberOf, numbersOf, objectsOf, pick, textOf, type Row } from './row.ts';

const BLANK_DATA: Row = {
  assetId: null,
  assigneeIds: [],
  attachmentIds: [],
  description: null,
  dueDate: null,
  locationId: null,
  partsUsed: [],
  priority: 'NONE',
  procedure: null,
  tagsIds: [],
  teamIds: [],
  thumbnailId: null,
  vendorIds: [],
};

/** The work order that a meter trigger makes, as it was described. */
export function createTriggerTemplate(plant: Plant, written: JsonObject, title: string, act: Act): Row {
  const template = insert(
    plant,
    'meter-trigger-template',
    {
      organizationId: plant.organizationId,
      deletedAt: null,
      procedureTemplateId: null,
      title,
      data: BLANK_DATA,
      attachments: [],
      thumbnail: null,
    },
    act.userId,
  );
  describe(plant, template, { ...written, title }, act);
  return template;
}

/** Sets what is written of a template; its title is the name of its triggers too. */
export function updateTriggerTemplate(plant: Plant, template: Row, written: JsonObject, act: Act): void {
  describe(plant, template, written, act);
  touch(plant, template);
  for (const trigger of plant.store.where('meter-trigger', 'workOrderTemplateId', idOf(template)).forwards())
    trigger['name'] = template['title'] ?? '';
}

function describe(plant: Plant, template: Row, written: JsonObject, act: Act): void {
  const { title: oldTitle, ...data } = objectOf(written['data']);
  const title = written['title'] ?? oldTitle;
  if (title !== undefined) template['title'] = title;
  if (written['procedureTemplateId'] !== undefined) template['procedureTemplateId'] = written['procedureTemplateId'];
  const procedure = data['procedure'];
  template['data'] = {
    ...objectOf(template['data']),
    ...data,
    ...(isObject(procedure) ? { procedure: procedureFrom(plant, procedure) } : {}),
  };
  if (written['saveProcedureAsTemplate'] === true && isObject(procedure))
    template['procedureTemplateId'] = idOf(createTemplate(plant, procedure['title'] ?? '', procedure['fields'], act));
}

/** A trigger fired: its work order is made from the template. */
export function makeWorkOrder(plant: Plant, trigger: Row, act: Act): void {
  const template = plant.store.get('meter-trigger-template', numberOf(trigger['workOrderTemplateId']));
  if (template === undefined) return;
  const data = objectOf(template['data']);
  const { thumbnail } = template;
  const fields: Row = {
    title: textOf(template['title']),
    type: 'PREVENTIVE',
    ...pick(data, ['assetId', 'description', 'locationId', 'priority', 'vendorIds']),
    ...(data['assetId'] === null ? ofMeter(plant, trigger) : {}),
    assignees: [...assignees('USER', data['assigneeIds']), ...assignees('TEAM', data['teamIds'])],
    categories: numbersOf(data['tagsIds']).map((id) => textOf(plant.store.get('category', id)?.['label'])),
    parts: objectsOf(data['partsUsed']).map(partUsed),
    procedure: procedureOf(plant, template),
    attachments: objectsOf(template['attachments']).map((file) => copiedFile(plant, file)),
    ...(isObject(thumbnail) ? { thumbnail: copiedFile(plant, thumbnail) } : {}),
    ...dueDateOf(plant, objectOf(data['dueDate'])),
  };
  createRecord(plant, 'work-order', fields, { userId: numberOf(trigger['creatorId']), quiet: act.quiet });
}

/** Without an asset of its own the work order is for what the meter sits on. */
const ofMeter = (plant: Plant, trigger: Row): Row =>
  pick(plant.store.get('meter', numberOf(trigger['meterId'])) ?? {}, ['assetId', 'locationId']);

const assignees = (type: string, ids: Json | undefined): Row[] => numbersOf(ids).map((id) => ({ type, id }));

/** A line of parts as work orders keep it. */
const partUsed = (line: JsonObject): Row => ({
  id: numberOf(line['partId']),
  quantityUsed: numberOf(line['quantityUsed']),
  locationId: line['locationId'] ?? null,
  copyOnRecurring: line['copyOnRecurring'] ?? 'Default',
});

/** The offset is in seconds, as durations are (FACTS 2.4). */
const dueDateOf = (plant: Plant, { offset }: JsonObject): Row =>
  typeof offset === 'number' ? { dueDate: isoAt(plant.clock.now() + offset * 1000) } : {};

function procedureOf(plant: Plant, template: Row): Json {
  const known = plant.store.get('procedure-template', numberOf(template['procedureTemplateId']));
  if (known !== undefined) return procedureOfTemplate(plant, known);
  const { procedure } = objectOf(template['data']);
  return isObject(procedure) ? blankCopy(plant, procedure) : null;
}
