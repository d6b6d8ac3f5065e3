import { isObject, type JsonObject } from '../../base/json.ts';
import { numberOf, textOf, type Row } from './row.ts';

export type TriggerState = 'INACTIVE' | 'INSUFFICIENT_DATA' | 'PENDING' | 'STABLE' | 'TRIGGERED';

/** Steps of a counter: how far from one work order to the next, up or down. */
const DIRECTIONS: Readonly<Record<string, 1 | -1>> = {
  INCREMENTED_BY: 1,
  INCREMENTED_BY_BASED_ON_LAST_READING: 1,
  DECREMENTED_BY: -1,
  DECREMENTED_BY_BASED_ON_LAST_READING: -1,
};

/** Whether the trigger counts steps; the others compare each reading with `amount`. */
export const directionOf = (trigger: JsonObject): 1 | -1 | undefined => DIRECTIONS[textOf(trigger['condition'])];

/** The value from which on a trigger that counts steps fires. */
export function firstStep(trigger: JsonObject, from: number | undefined): number | null {
  const direction = directionOf(trigger);
  if (direction === undefined || from === undefined) return null;
  return from + direction * numberOf(trigger['amount']);
}

/** The step after `value` was reached: on the grid of the steps, or as far again from what was read. */
export function nextStep(trigger: JsonObject, value: number): number {
  const direction = directionOf(trigger) ?? 1;
  const amount = Math.abs(numberOf(trigger['amount']));
  if (amount === 0 || textOf(trigger['condition']).endsWith('LAST_READING')) return value + direction * amount;
  const reached = numberOf(trigger['nextTriggerValue']);
  const steps = Math.floor(((value - reached) * direction) / amount) + 1;
  return reached + direction * amount * steps;
}

const COMPARISONS: Readonly<Record<string, (value: number, amount: number) => boolean>> = {
  IS_EQUAL: (value, amount) => value === amount,
  IS_GREATER: (value, amount) => value > amount,
  IS_LESS: (value, amount) => value < amount,
};

function meets(trigger: JsonObject, value: number): boolean {
  const direction = directionOf(trigger);
  const compare = COMPARISONS[textOf(trigger['condition'])];
  if (compare !== undefined) return compare(value, numberOf(trigger['amount']));
  const next = trigger['nextTriggerValue'];
  return direction !== undefined && typeof next === 'number' && (value - next) * direction >= 0;
}

/** What the trigger makes of the readings that it may look at, oldest first. */
export function stateOf(trigger: Row, values: readonly number[]): TriggerState {
  const [newest] = values.slice(-1);
  if (newest === undefined) return 'INSUFFICIENT_DATA';
  if (directionOf(trigger) !== undefined) {
    if (typeof trigger['nextTriggerValue'] !== 'number') return 'INSUFFICIENT_DATA';
    return meets(trigger, newest) ? 'TRIGGERED' : 'STABLE';
  }
  const points = isObject(trigger['dataPoints']) ? trigger['dataPoints'] : { numerator: 1, denominator: 1 };
  const window = values.slice(-numberOf(points['denominator']));
  const met = window.filter((value) => meets(trigger, value)).length;
  if (met >= numberOf(points['numerator'])) return 'TRIGGERED';
  if (window.length < numberOf(points['denominator'])) return 'INSUFFICIENT_DATA';
  return met > 0 ? 'PENDING' : 'STABLE';
}
