import type { Dice } from './dice.ts';
import { Odds } from './odds.ts';

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** How far back the history of a plant goes that is not small. */
export const YEARS = 3 * 365 * DAY;

/** Sunday first: at weekends only the night cleaning and what breaks. */
const WEEKDAYS = [0.2, 1.15, 1.05, 1, 1, 0.9, 0.35];
/** By hour of the day: three shifts, handovers at 6, 14 and 22. */
const HOURS = [4, 4, 3, 3, 4, 6, 14, 13, 11, 10, 10, 9, 7, 9, 11, 9, 8, 7, 6, 6, 5, 5, 6, 5];
const HOUR_OF_DAY = new Odds(Array.from(HOURS.keys()), (hour) => HOURS[hour] ?? 0);

/** Moments of the history when people made records, oldest first. The plant grew a little over the years. */
export function workingTimes(dice: Dice, now: number, count: number): number[] {
  const firstDay = Math.ceil((now - YEARS) / DAY);
  const days = Array.from({ length: Math.floor(now / DAY) - firstDay }, (_, index) => firstDay + index);
  const odds = new Odds(days, (day, index) => weekdayWeight(day) * (1 + index / days.length / 2));
  return Array.from({ length: count }, () => odds.draw(dice) * DAY + timeOfDay(dice)).sort((a, b) => a - b);
}

/** 1970 began on a Thursday. */
const weekdayWeight = (day: number): number => WEEKDAYS[(day + 4) % 7] ?? 1;

const timeOfDay = (dice: Dice): number => HOUR_OF_DAY.draw(dice) * HOUR + Math.floor(dice.fraction() * HOUR);
