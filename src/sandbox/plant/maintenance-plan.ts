import { isObject, objectOf, type Json, type JsonObject } from '../../base/json.ts';
import { insert, isoAt, newId, touch, type Act, type Plant } from './plant.ts';
import { nextOccurrence } from './recurrence.ts';
import { listOf, numberOf, objectsOf, textOf, type Row } from './row.ts';

const HOUR = 3_600_000;
const UNITS: Readonly<Record<string, number>> = {
  HOUR,
  DAY: 24 * HOUR,
  WEEK: 7 * 24 * HOUR,
  MONTH: 30 * 24 * HOUR,
  YEAR: 365 * 24 * HOUR,
};

const EMPTY: Row = {
  startDate: null,
  workOrderStartDatePadding: null,
  workOrderStartDateOffset: null,
  workOrderStartDateFixedDay: null,
  triggerType: 'CALENDAR',
  intervalStrategy: 'FIXED',
  assets: [],
  intervals: [],
  nextCycleOccurrence: null,
  lastPlannedDueDate: null,
  lastWorkOrderGeneratedAt: null,
  archivedAt: null,
};

export function createPlan(plant: Plant, body: JsonObject, act: Act): Row {
  const { planAssets, intervals, ...own } = body;
  const plan = insert(plant, 'maintenance-plan', { ...EMPTY, ...withOffset(own) }, act.userId);
  plan['assets'] = withAssets(plant, [], planAssets);
  plan['intervals'] = withIntervals(plant, [], intervals);
  return schedule(plant, plan);
}

/** Lists are changed by what is added and what is removed. */
export function updatePlan(plant: Plant, plan: Row, body: JsonObject): void {
  const { addedPlanAssets, removedPlanAssetIds, addedUpdatedIntervals, removedIntervalIds, ...rest } = body;
  const { nextWorkOrderToGenerateDueDate: nextDue, ...own } = rest;
  Object.assign(plan, withOffset(own));
  plan['assets'] = withAssets(plant, without(plan['assets'], removedPlanAssetIds), addedPlanAssets);
  plan['intervals'] = withIntervals(plant, without(plan['intervals'], removedIntervalIds), addedUpdatedIntervals);
  touch(plant, plan);
  schedule(plant, plan, typeof nextDue === 'string' ? Date.parse(nextDue) : undefined);
}

/** The deprecated padding in hours and the offset say the same; times are kept as answers show them. */
function withOffset(own: JsonObject): Row {
  const fields: Row = { ...own };
  const [offset, padding] = [own['workOrderStartDateOffset'], own['workOrderStartDatePadding']];
  if (isObject(offset))
    fields['workOrderStartDatePadding'] = (numberOf(offset['value']) * unitOf(offset['unit'])) / HOUR;
  else if (typeof padding === 'number') fields['workOrderStartDateOffset'] = { value: padding, unit: 'HOUR' };
  if (typeof own['startDate'] === 'string') fields['startDate'] = isoAt(Date.parse(own['startDate']));
  return fields;
}

const unitOf = (unit: Json | undefined): number => UNITS[textOf(unit)] ?? HOUR;

const without = (list: Json | undefined, ids: Json | undefined): JsonObject[] =>
  objectsOf(list).filter((item) => !listOf(ids).includes(item['id'] ?? null));

function withAssets(plant: Plant, old: readonly JsonObject[], added: Json | undefined): JsonObject[] {
  return [...old, ...objectsOf(added).map(({ assetId = null }) => ({ id: newId(plant, 'line'), assetId }))];
}

function withIntervals(plant: Plant, old: readonly JsonObject[], written: Json | undefined): JsonObject[] {
  const intervals = new Map(old.map((one) => [one['id'], one]));
  for (const one of objectsOf(written)) {
    const id = typeof one['id'] === 'number' ? one['id'] : newId(plant, 'line');
    intervals.set(id, { ...intervals.get(id), ...one, id });
  }
  return [...intervals.values()];
}

/** When the next work order is due, and when it would be made: as long before as the plan looks ahead. */
function schedule(plant: Plant, plan: Row, wanted?: number): Row {
  const now = plant.clock.now();
  const start = Date.parse(textOf(plan['startDate']));
  const due = wanted ?? (start > now ? start : nextOccurrence(objectOf(plan['recurrence']), start || now, now));
  const horizon = objectOf(plan['planningHorizon']);
  const made = due === undefined ? undefined : due - numberOf(horizon['value']) * unitOf(horizon['unit']);
  plan['nextScheduledWorkOrderDueDate'] = due === undefined ? null : isoAt(due);
  plan['nextWorkOrderGenerationAt'] = made === undefined ? null : isoAt(Math.max(now, made));
  return plan;
}
