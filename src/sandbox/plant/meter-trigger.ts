import type { JsonObject } from '../../base/json.ts';
import { firstStep, nextStep, directionOf, stateOf, type TriggerState } from './meter-condition.ts';
import { createTriggerTemplate, makeWorkOrder } from './meter-trigger-template.ts';
import { announce, insert, isoNow, touch, type Act, type Plant } from './plant.ts';
import { idOf, numberOf, objectsOf, textOf, type Row } from './row.ts';

const BLANK: Row = {
  dataPoints: null,
  deletedAt: null,
  description: null,
  minDateForProcessing: null,
  nextTriggerValue: null,
  period: null,
};

/** A new trigger looks at the readings from now on. Its work orders come from the template of that id, or a new one. */
export function createTrigger(plant: Plant, fields: JsonObject, template: JsonObject, act: Act): Row {
  const known = plant.store.get('meter-trigger-template', numberOf(fields['workOrderTemplateId']));
  const own = known ?? createTriggerTemplate(plant, template, textOf(fields['name']), act);
  const trigger = insert(
    plant,
    'meter-trigger',
    {
      ...BLANK,
      organizationId: plant.organizationId,
      ...fields,
      workOrderTemplateId: idOf(own),
      name: own['title'] ?? '',
    },
    act.userId,
  );
  restart(plant, trigger);
  return trigger;
}

/** What decides when a trigger fires. */
const CONDITIONS = [
  'meterId',
  'amount',
  'condition',
  'dataPoints',
  'minDateForProcessing',
  'nextTriggerValue',
  'period',
];

/** A trigger whose condition changed begins anew; its name and its template's title are one. */
export function updateTrigger(plant: Plant, trigger: Row, fields: JsonObject, act: Act): void {
  Object.assign(trigger, fields);
  touch(plant, trigger);
  const template = plant.store.get('meter-trigger-template', numberOf(trigger['workOrderTemplateId']));
  if (fields['workOrderTemplateId'] !== undefined && template !== undefined) trigger['name'] = template['title'] ?? '';
  else if (fields['name'] !== undefined && template !== undefined) template['title'] = fields['name'];
  if (!Object.keys(fields).some((field) => CONDITIONS.includes(field))) return;
  const old = textOf(trigger['state']);
  if (fields['nextTriggerValue'] === undefined) trigger['nextTriggerValue'] = null;
  restart(plant, trigger);
  announceState(plant, trigger, old, act);
}

function restart(plant: Plant, trigger: Row): void {
  const meter = plant.store.get('meter', numberOf(trigger['meterId']));
  const last = objectsOf(meter?.['readings']).at(-1)?.['value'];
  trigger['nextTriggerValue'] ??= firstStep(trigger, typeof last === 'number' ? last : undefined);
  trigger['since'] = isoNow(plant);
  trigger['state'] = isAsleep(plant, trigger) ? 'INACTIVE' : 'INSUFFICIENT_DATA';
}

export function removeTrigger(plant: Plant, trigger: Row): void {
  plant.store.delete('meter-trigger', idOf(trigger));
  const templateId = numberOf(trigger['workOrderTemplateId']);
  if (plant.store.where('meter-trigger', 'workOrderTemplateId', templateId).size === 0)
    plant.store.delete('meter-trigger-template', templateId);
}

export const triggersOf = (plant: Plant, meter: Row): Row[] => [
  ...plant.store.where('meter-trigger', 'meterId', idOf(meter)).forwards(),
];

/** All triggers of the meter look at its new reading. */
export function checkTriggers(plant: Plant, meter: Row, reading: Row, act: Act): void {
  for (const trigger of triggersOf(plant, meter)) {
    const old = textOf(trigger['state']);
    // The first reading of all is what the steps are counted from.
    trigger['nextTriggerValue'] ??= firstStep(trigger, numberOf(reading['value']));
    const state = isAsleep(plant, trigger) ? 'INACTIVE' : stateOf(trigger, valuesFor(plant, trigger, meter));
    trigger['state'] = state;
    announceState(plant, trigger, old, act);
    if (fires(trigger, old, state)) fire(plant, trigger, numberOf(reading['value']), act);
  }
}

/** A comparison fires when it becomes true, a step each time that one is reached. */
const fires = (trigger: Row, old: string, state: TriggerState): boolean =>
  state === 'TRIGGERED' && (old !== 'TRIGGERED' || directionOf(trigger) !== undefined);

function fire(plant: Plant, trigger: Row, value: number, act: Act): void {
  if (directionOf(trigger) !== undefined) trigger['nextTriggerValue'] = nextStep(trigger, value);
  makeWorkOrder(plant, trigger, act);
}

const isAsleep = (plant: Plant, trigger: Row): boolean =>
  Date.parse(textOf(trigger['minDateForProcessing'])) > plant.clock.now();

/** Readings since the trigger began, and none that is older than its period. */
function valuesFor(plant: Plant, trigger: Row, meter: Row): readonly number[] {
  const period = trigger['period'];
  const oldest = typeof period === 'number' ? plant.clock.now() - period * 1000 : 0;
  return objectsOf(meter['readings'])
    .filter((reading) => textOf(reading['createdAt']) >= textOf(trigger['since']))
    .filter((reading) => Date.parse(textOf(reading['readingDate'])) >= oldest)
    .map((reading) => numberOf(reading['value']));
}

function announceState(plant: Plant, trigger: Row, oldState: string, act: Act): void {
  const newState = textOf(trigger['state']);
  if (newState === oldState) return;
  announce(plant, act, {
    type: 'METER_TRIGGER_STATE_CHANGE',
    body: { meterTriggerId: idOf(trigger), meterId: numberOf(trigger['meterId']), oldState, newState },
    matches: { oneOfStates: [newState] },
  });
}
