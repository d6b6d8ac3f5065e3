import { objectOf, type JsonObject } from '../../base/json.ts';
import { refused } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { createTrigger, removeTrigger, updateTrigger } from '../plant/meter-trigger.ts';
import { updateTriggerTemplate } from '../plant/meter-trigger-template.ts';
import type { Plant } from '../plant/plant.ts';
import { idOf, numberOf, objectsOf, type Row } from '../plant/row.ts';
import { partLine } from '../plant/work-order-parts.ts';
import { withSignedLinks } from './embeds.ts';
import { idIn, type Handlers } from './handler.ts';
import { refuseBadTemplate, refuseBadTrigger } from './meter-trigger-complaints.ts';
import { pageOf } from './page.ts';
import { shownAs } from './project.ts';

/** Triggers of meters and the work orders that they make. */
export const meterTriggerHandlers = {
  listMeterTriggers: ({ plant }, request) => {
    const meters = request.query.getAll('meters').map(Number);
    const rows = plant.store
      .all('meter-trigger')
      .filter((row) => meters.length === 0 || meters.includes(numberOf(row['meterId'])))
      .map((row) => shownAs('listMeterTriggers', 'meterTriggers', row));
    return pageOf('meterTriggers', rows, request);
  },
  getMeterTrigger: ({ plant }, request) => {
    const trigger = plant.store.get('meter-trigger', idIn(request));
    if (trigger === undefined) throw refused(404, 'Not Found.');
    const workOrderTemplate = shownTemplate(plant, numberOf(trigger['workOrderTemplateId']));
    const expand = new Set(request.query.getAll('expand'));
    const shown = shownAs('getMeterTrigger', 'meterTrigger', { ...trigger, workOrderTemplate }, expand);
    return { status: 200, json: { meterTrigger: withSignedLinks(shown, plant.signLink) } };
  },
  createMeterTrigger: ({ plant }, request) => {
    const body = objectOf(request.body);
    const trigger = objectOf(body['meterTrigger']);
    const template = objectOf(body['workOrderTemplate']);
    refuseBadTrigger(plant, trigger);
    // "The `workOrderTemplate` object will completely be ignored in favour of the template associated with the id."
    if (trigger['workOrderTemplateId'] === undefined) refuseBadTemplate(plant, template, 'workOrderTemplate.');
    return { status: 201, json: { id: idOf(createTrigger(plant, trigger, template, request.act)) } };
  },
  /** FACTS 2.4: answers 204. */
  updateMeterTrigger: ({ plant }, request) => {
    const trigger = plant.store.get('meter-trigger', idIn(request));
    if (trigger === undefined) throw refused(404, 'meter trigger Not Found');
    const fields = objectOf(objectOf(request.body)['meterTrigger']);
    refuseBadTrigger(plant, fields);
    updateTrigger(plant, trigger, fields, request.act);
    return { status: 204 };
  },
  deleteMeterTrigger: ({ plant }, request) => {
    const trigger = plant.store.get('meter-trigger', idIn(request));
    if (trigger === undefined) throw refused(404, 'meterTrigger Not Found');
    removeTrigger(plant, trigger);
    return { status: 204 };
  },
  updateMeterTriggerWorkOrderTemplate: ({ plant }, request) => {
    const template = triggerTemplateOf(plant, request, 'work order template');
    const body = objectOf(request.body);
    refuseBadTemplate(plant, body, '');
    updateTriggerTemplate(plant, template, body, request.act);
    return { status: 204 };
  },
} satisfies Partial<Handlers>;

/** The path says that its id is a trigger's, the text that it is the template's: either will do. */
export function triggerTemplateOf(plant: Plant, request: ApiRequest, name: string): Row {
  const trigger = plant.store.get('meter-trigger', idIn(request));
  const id = trigger === undefined ? idIn(request) : numberOf(trigger['workOrderTemplateId']);
  const template = plant.store.get('meter-trigger-template', id);
  if (template === undefined) throw refused(404, `${name} Not Found`);
  return template;
}

function shownTemplate(plant: Plant, id: number): Row | null {
  const template = plant.store.get('meter-trigger-template', id);
  if (template === undefined) return null;
  const data = objectOf(template['data']);
  const lines = objectsOf(data['partsUsed']);
  const shown = {
    ...data,
    title: template['title'] ?? '',
    partsUsed: lines.map((line) => partLine(plant, { ...line, id: numberOf(line['partId']) }, false)),
    ...filesOf(template),
  };
  return { ...template, data: shown };
}

const filesOf = (template: JsonObject): Row => ({
  attachmentIds: objectsOf(template['attachments']).map(idOf),
  thumbnailId: objectOf(template['thumbnail'])['id'] ?? null,
});
