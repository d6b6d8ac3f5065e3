import { detailFields, kindEntry, LIMITS, type Nesting } from '../maintainx/index.ts';
import type { BackfillPlan, KindPlan } from './backfill-plan.ts';
import { isStub } from './list-page.ts';
import { POLLED } from './poll.ts';
import type { KindProgress } from './run.ts';
import { nestedIn, type PullSettings } from './settings.ts';

export interface Pace {
  readonly requestsPerMinute: number;
  readonly pollIntervalMs: number;
}

const MINUTE = 60_000;

/** The cost of a backfill after its survey. Pure. */
export function planOf(progress: readonly KindProgress[], settings: PullSettings, pace: Pace): BackfillPlan {
  const perKind = [...progress.map((part) => kindPlan(part, settings)), ...nestedPlans(progress, settings)];
  const surveyRequests = sum(progress, (part) => part.requests);
  const pages = sum(progress, (part) => pagesLeft(part));
  const rest = pages + sum(perKind, (one) => one.details);
  const pollsPerMinute = (progress.filter(({ kind }) => POLLED.includes(kind)).length * MINUTE) / pace.pollIntervalMs;
  const left = Math.max(1, pace.requestsPerMinute - pollsPerMinute);
  const minutes = pace.requestsPerMinute === 0 ? null : rest / left;
  const pollRequests = Math.ceil((minutes ?? 0) * pollsPerMinute);
  return {
    requests: surveyRequests + rest + pollRequests,
    surveyRequests,
    pollRequests,
    minutes: minutes === null ? null : Math.ceil(minutes * 10) / 10,
    requestsPerMinute: pace.requestsPerMinute,
    perKind,
  };
}

function kindPlan(part: KindProgress, { details }: PullSettings): KindPlan {
  const records = recordsOf(part);
  return {
    kind: part.kind,
    records,
    pages: Math.max(part.pages, pagesOf(records)),
    details: details === 'all' && isStub(part.kind) ? records : 0,
    atLeast: part.atLeast,
  };
}

/** What hangs on a record is read by one request each, more where it has more than a page; records without rows need none. */
function nestedPlans(progress: readonly KindProgress[], settings: PullSettings): readonly KindPlan[] {
  return nestedIn(settings).map(({ kind, nesting }) => {
    const parents = progress.find((part) => part.kind === nesting.parent);
    const records = parents === undefined ? 0 : recordsOf(parents);
    const details = isKnownFromLists(nesting, settings) ? records : 0;
    return { kind, records, pages: 0, details, atLeast: parents?.atLeast === true };
  });
}

/** Whether a first copy comes to know which parents have rows: some tell it by their single GET alone. */
function isKnownFromLists({ parent, moves }: Nesting, { details }: PullSettings): boolean {
  const onlySingle = detailFields(kindEntry(parent));
  return details === 'all' || moves.length === 0 || !moves.every((field) => onlySingle.includes(field));
}

/** Pages that are still to be read. */
const pagesLeft = (part: KindProgress): number =>
  part.state === 'done' ? 0 : Math.max(1, pagesOf(recordsOf(part)) - part.pages);

/** Records whose rows are still to be read. */
const rowsLeft = (part: KindProgress): number => (part.state === 'done' ? 0 : Math.max(0, recordsOf(part) - part.rows));

const recordsOf = (part: KindProgress): number =>
  part.state === 'done' ? part.rows : Math.max(part.rows, part.expected ?? 0);
const pagesOf = (records: number): number => Math.max(1, Math.ceil(records / LIMITS.pageRows.value));
const sum = <One>(all: readonly One[], of: (one: One) => number): number =>
  all.reduce((total, one) => total + of(one), 0);

/** What is left of a backfill: requests, and minutes at the pace of its plan. */
export interface Forecast {
  readonly requestsLeft: number;
  readonly minutesLeft: number | null;
}

/** `reads`: single reads of list rows that wait already. Pure. */
export function forecastOf(progress: readonly KindProgress[], plan: BackfillPlan, reads: number): Forecast {
  const perRow = ({ kind }: KindProgress): number =>
    plan.perKind.filter((one) => one.details > 0 && (one.kind === kind || kindEntry(one.kind).nesting?.parent === kind))
      .length;
  const requestsLeft = sum(progress, pagesLeft) + sum(progress, (part) => perRow(part) * rowsLeft(part)) + reads;
  const minutesLeft = plan.requestsPerMinute === 0 ? null : requestsLeft / plan.requestsPerMinute;
  return { requestsLeft, minutesLeft: minutesLeft === null ? null : Math.ceil(minutesLeft * 10) / 10 };
}
