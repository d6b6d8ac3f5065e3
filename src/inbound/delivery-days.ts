import type { Queries } from '../postgres/index.ts';

const DAY = 24 * 3_600_000;

/** The day of a time, in UTC, as PostgreSQL reads it: `2026-09-16`. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Makes room for deliveries of these days. */
export async function prepareDays(directory: Queries, days: readonly string[]): Promise<void> {
  for (const day of new Set(days)) await directory.query('select prepare_delivery_days($1, $1)', [day]);
}

/** Days that are made ahead, so that no webhook has to wait for its own. */
const AHEAD = 3;

/** Makes the coming days and drops those that are older than what is kept. Answers how many were dropped. */
export async function turnDays(directory: Queries, now: number, keptDays: number): Promise<number> {
  await directory.query('select prepare_delivery_days($1, $2)', [dayOf(now), dayOf(now + AHEAD * DAY)]);
  const [row] = await directory.query<{ dropped: number }>('select drop_delivery_days($1) as dropped', [
    dayOf(now - keptDays * DAY),
  ]);
  return row?.dropped ?? 0;
}
