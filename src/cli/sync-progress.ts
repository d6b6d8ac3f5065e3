import type { KindProgress, Run, SyncStatus } from '../inbound/index.ts';

/** "3 of 11 kinds, 12400 rows, listing asset, work-order; 8120 reads wait; about 93 minutes" */
export function progressInWords(
  run: Run,
  { waiting, forecast, paused }: Pick<SyncStatus, 'waiting' | 'forecast' | 'paused'>,
): string {
  const done = run.progress.filter((part) => part.state === 'done').length;
  const rows = run.progress.reduce((sum, part) => sum + part.rows, 0);
  const minutes = forecast?.minutesLeft ?? 0;
  const listing = run.progress.filter((part) => part.state === 'listing').map((part) => part.kind);
  return [
    `${paused ? 'paused at ' : stateInWords(run)}${done} of ${run.progress.length} kinds, ${rows} rows`,
    ...(listing.length === 0 ? [] : [`listing ${listing.join(', ')}`]),
    ...(waiting.reads === 0 ? [] : [`${waiting.reads} records to read`]),
    ...(forecast === null || forecast.requestsLeft === 0 ? [] : [`${forecast.requestsLeft} requests left`]),
    ...(minutes === 0 ? [] : [`about ${minutesInWords(minutes)}`]),
  ].join(', ');
}

function stateInWords({ options, surveyedAt, what }: Run): string {
  if (what === 'backfill' && surveyedAt === null) return 'finding out the cost, ';
  return options.planOnly ? 'not begun, ' : '';
}

/** "4 minutes", "3.5 hours" */
export function minutesInWords(minutes: number): string {
  if (minutes < 90) return `${Math.ceil(minutes)} minutes`;
  return minutes < 48 * 60 ? `${(minutes / 60).toFixed(1)} hours` : `${(minutes / 60 / 24).toFixed(1)} days`;
}

/** What a run did, kind by kind. */
export const partsAsRows = (progress: readonly KindProgress[]): (string | number)[][] =>
  progress.map((part) => [
    part.kind,
    part.pages,
    part.rows,
    `${part.suspects}${part.braked ? ' (held back)' : ''}`,
    part.refused ?? '',
  ]);
