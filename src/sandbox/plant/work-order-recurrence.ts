import { isObject, objectOf } from '../../base/json.ts';
import { createRecord } from './create.ts';
import { isoAt, type Act, type Plant } from './plant.ts';
import { blankCopy } from './procedure.ts';
import { nextOccurrence } from './recurrence.ts';
import { idOf, objectsOf, pick, textOf, textsOf, type Row } from './row.ts';

const COPIED = [
  'title',
  'description',
  'priority',
  'type',
  'assetId',
  'locationId',
  'assignees',
  'vendorIds',
  'estimatedTime',
  'extraFields',
  'recurrenceInfo',
  'dueDateIsFullDay',
  'thumbnail',
];

/** A finished work order that repeats is followed by the next one of its chain, once. */
export function continueChain(plant: Plant, done: Row, act: Act): void {
  if (!isObject(done['recurrenceInfo']) || typeof done['nextId'] === 'number') return;
  const dates = nextDates(plant, done);
  if (dates === undefined) return;
  const next = createRecord(plant, 'work-order', { ...copied(plant, done), ...dates, previousId: idOf(done) }, act);
  done['nextId'] = idOf(next);
}

/** Due when the rule says, shown as long before that as this time. */
function nextDates(plant: Plant, done: Row): Row | undefined {
  const now = plant.clock.now();
  const due = Date.parse(textOf(done['dueDate']));
  const next = nextOccurrence(objectOf(done['recurrenceInfo']), Number.isNaN(due) ? now : due, now);
  if (next === undefined) return undefined;
  const lead = due - Date.parse(textOf(done['startDate']));
  return { dueDate: isoAt(next), ...(Number.isNaN(lead) ? {} : { startDate: isoAt(next - lead) }) };
}

function copied(plant: Plant, done: Row): Row {
  const { procedure } = done;
  return {
    ...pick(done, COPIED),
    // Parts say themselves whether they are needed again.
    parts: objectsOf(done['parts']).filter((line) => line['copyOnRecurring'] !== 'NoCopy'),
    categories: textsOf(done['categories']).filter((label) => plant.store.where('category', 'label', label).size > 0),
    ...(isObject(procedure) ? { procedure: blankCopy(plant, procedure) } : {}),
  };
}
