import type { JsonObject } from '../../base/json.ts';
import { numberOf, textOf, textsOf } from './row.ts';

const DAY = 86_400_000;
const WEEKDAYS: readonly string[] = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];

/** One step of a rule of repetition (`recurrenceInfo` of work orders, `recurrence` of maintenance plans), in UTC. */
function stepFrom(rule: JsonObject, from: number): number | undefined {
  const interval = Math.max(1, numberOf(rule['interval'] ?? 1));
  switch (textOf(rule['type'])) {
    case 'DAILY':
      return from + DAY;
    case 'WEEKLY':
      return nextWeekday(from, textsOf(rule['days']), interval);
    case 'MONTHLY':
      return nextMonth(from, numberOf(rule['day']), interval);
    case 'YEARLY':
      return onDay(from, 12 * interval, new Date(from).getUTCDate());
    case 'PERIODICALLY':
      return from + interval * 1000;
    default:
      return undefined;
  }
}

/** The next of the days in this week; after the last of them the first one, `interval` weeks on. */
function nextWeekday(from: number, days: readonly string[], interval: number): number | undefined {
  const wanted = days.map((day) => WEEKDAYS.indexOf(day)).toSorted((left, right) => left - right);
  const today = new Date(from).getUTCDay();
  const later = wanted.find((day) => day > today);
  if (later !== undefined) return from + (later - today) * DAY;
  const [first] = wanted;
  return first === undefined ? undefined : from + (first - today + 7 * interval) * DAY;
}

function nextMonth(from: number, day: number, interval: number): number {
  const soon = onDay(from, 0, day);
  return soon > from ? soon : onDay(from, interval, day);
}

/** `months` on, at this day of the month or the month's last one. */
function onDay(from: number, months: number, day: number): number {
  const date = new Date(from);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(day, last)) + (from % DAY);
}

/** The first time that the rule names after both `from` and `now`, counted from `from`. */
export function nextOccurrence(rule: JsonObject, from: number, now: number): number | undefined {
  const first = stepFrom(rule, from);
  if (first === undefined) return undefined;
  const isEven = ['DAILY', 'PERIODICALLY'].includes(textOf(rule['type']));
  if (isEven) return first + Math.ceil(Math.max(0, now - first + 1) / (first - from)) * (first - from);
  let next: number | undefined = first;
  while (next !== undefined && next <= now) next = stepFrom(rule, next);
  return next;
}
