import { idOf, numberOf, type Row } from '../plant/row.ts';
import type { Dice } from './dice.ts';
import { logNormal } from './odds.ts';

const EXPENSES = [
  'Hired help',
  'Freight',
  'Crane rental',
  'Spare part bought locally',
  'Travel of the service technician',
];

/** Labour of who did it and sometimes money spent; half of the work is done within 45 minutes. */
export function costsOf(dice: Dice, doer: Row): Row {
  if (dice.chance(0.25)) return {};
  const durationTotal = Math.max(60, Math.round(logNormal(dice, 45, 0.9)) * 60);
  const rate = numberOf(doer['hourlyRate']);
  const time: Row = {
    type: 'TIME',
    costPerUnit: rate,
    quantity: Math.round((durationTotal / 3600) * 100) / 100,
    rowTotal: Math.round((rate * durationTotal) / 3600),
    durationTotal,
    userId: idOf(doer),
  };
  const times = [time];
  return { times, timeItems: times, ...(dice.chance(0.08) ? { expenditures: [expense(dice)] } : {}) };
}

function expense(dice: Dice): Row {
  const amount = Math.round(logNormal(dice, 12_000, 1.1));
  return { type: 'EXPENSE', description: dice.pick(EXPENSES), costPerUnit: amount, quantity: 1, rowTotal: amount };
}
