import { objectOf } from '../../base/json.ts';
import { numberOf, type Row } from './row.ts';

/** Which count goes up with a status: "number of times the status was set" by the webhook's schema. */
const COUNTERS: Readonly<Record<string, string>> = {
  OPEN: 'openCount',
  IN_PROGRESS: 'inProgressCount',
  ON_HOLD: 'onHoldCount',
  DONE: 'doneCount',
};
const NONE = { openCount: 0, inProgressCount: 0, onHoldCount: 0, doneCount: 0 };
const AT_FIRST = { ...NONE, openCount: 1 };

/** One object for each status: 200,000 copies of them would fill the memory. */
const STARTS = new Map(
  Object.entries(COUNTERS).map(([status, counter]) => [status, { ...AT_FIRST, [counter]: 1 } as const]),
);

/** The counts of a work order that is made with this status: it was opened, and then perhaps more. */
export const progressAtFirst = (status: string): Row => STARTS.get(status) ?? AT_FIRST;

export function countStatus(workOrder: Row, status: string): void {
  const counter = COUNTERS[status];
  const progress = { ...NONE, ...objectOf(workOrder['progress']) };
  workOrder['progress'] = counter === undefined ? progress : { ...progress, [counter]: timesOf(progress, counter) + 1 };
}

const timesOf = (progress: Row, counter: string): number => numberOf(progress[counter]);

/** The counts that WORK_ORDER_STATUS_CHANGE tells. */
export function progressNews(workOrder: Row): Row {
  const { inProgressCount, onHoldCount, doneCount } = { ...NONE, ...objectOf(workOrder['progress']) };
  return { inProgressCount, onHoldCount, doneCount };
}
