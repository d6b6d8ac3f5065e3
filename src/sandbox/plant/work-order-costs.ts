import type { Json, JsonObject } from '../../base/json.ts';
import { announce, type Act, type Plant } from './plant.ts';
import { idOf, numberOf, objectsOf, pick, textOf, type Row } from './row.ts';
import { workOrderSnapshotWithCosts } from './snapshots.ts';
import { setWorkOrderStatus } from './work-order-status.ts';

/**
 * Money spent or time worked is added to what is there; the lines carry no id (FACTS 2.4).
 * `updatedAt` stays (FACTS 2.3). Of money a webhook tells (its property COSTS), of time none does (FACTS 1.3).
 * Answers the new line.
 */
export function addCost(plant: Plant, workOrder: Row, body: JsonObject, act: Act): Row {
  if (body['type'] === 'TIME') return addTime(plant, workOrder, body, act);
  const amount = bounded(body['costPerUnit']);
  const line: Row = {
    type: 'EXPENSE',
    costPerUnit: amount,
    ...described(body),
    quantity: 1,
    rowTotal: amount,
    userId: act.userId,
  };
  workOrder['expenditures'] = groupedByUser([...objectsOf(workOrder['expenditures']), line]);
  announce(plant, act, {
    type: 'WORK_ORDER_CHANGE',
    body: { workOrderId: idOf(workOrder) },
    matches: { oneOfProperties: ['COSTS'] },
    snapshot: { key: 'newWorkOrder', value: () => workOrderSnapshotWithCosts(plant, workOrder) },
  });
  return line;
}

/** Sums of it stay numbers that JSON can hold. */
const bounded = (value: Json | undefined): number => Math.max(-MOST, Math.min(MOST, numberOf(value)));
const MOST = 1e12;

const described = (body: JsonObject): JsonObject =>
  textOf(body['description']) === '' ? {} : { description: textOf(body['description']) };

function addTime(plant: Plant, workOrder: Row, body: JsonObject, act: Act): Row {
  const durationTotal = bounded(body['durationTotal']);
  const rate = bounded(body['hourlyRate'] ?? plant.store.get('user', act.userId)?.['hourlyRate']);
  const line: Row = { type: 'TIME', ...described(body), userId: act.userId, ...timeOf(rate, durationTotal) };
  if (body['durationTotal'] === null) startTimer(plant, workOrder, act);
  else addTimeLine(workOrder, line);
  return line;
}

const timeOf = (rate: number, durationTotal: number): JsonObject => ({
  costPerUnit: rate,
  // Rounded, so that only `durationTotal` is exact (FACTS 2.4).
  quantity: Math.round((durationTotal / 3600) * 100) / 100,
  rowTotal: Math.round((rate * durationTotal) / 3600),
  durationTotal,
});

/** Time without an end: a timer runs, and the work has begun (FACTS 1.3). */
function startTimer(plant: Plant, workOrder: Row, act: Act): void {
  if (workOrder['status'] === 'OPEN') setWorkOrderStatus(plant, workOrder, 'IN_PROGRESS', act);
}

/** `timeItems` are the entries, `times` their sum for each user. */
function addTimeLine(workOrder: Row, line: Row): void {
  workOrder['timeItems'] = [...objectsOf(workOrder['timeItems']), line];
  const times = objectsOf(workOrder['times']);
  const old = times.find((one) => one['userId'] === line['userId']);
  if (old === undefined) workOrder['times'] = [...times, line];
  else workOrder['times'] = times.map((one) => (one === old ? sumOf(old, line) : one));
}

function sumOf(old: JsonObject, line: JsonObject): Row {
  const { costPerUnit } = old;
  const sum = (field: string): number => numberOf(old[field]) + numberOf(line[field]);
  return {
    ...pick(old, ['type', 'userId']),
    ...(costPerUnit !== undefined && costPerUnit === line['costPerUnit'] ? { costPerUnit } : {}),
    quantity: Math.round(sum('quantity') * 100) / 100,
    rowTotal: sum('rowTotal'),
    durationTotal: sum('durationTotal'),
  };
}

function groupedByUser(lines: readonly JsonObject[]): JsonObject[] {
  return [...Map.groupBy(lines, (line) => line['userId']).values()].flat();
}
