import { isObject, type Json } from '../../base/json.ts';
import { isoNow, newId, type Plant } from './plant.ts';
import { numberOf, objectsOf, textOf, type Row } from './row.ts';

/** What somebody wrote of a depreciation, over what stood there; the rest is worked out when it is read. */
export function writtenDepreciation(plant: Plant, written: Json, old: Json | undefined): Json {
  if (!isObject(written)) return null;
  const [before] = objectsOf([old ?? null]);
  return { createdAt: isoNow(plant), ...before, ...written, id: before?.['id'] ?? newId(plant, 'line') };
}

/** Straight-line, by whole years: so that an asset does not change from one minute to the next. */
export function shownDepreciation(plant: Plant, stored: Json | undefined): Json | undefined {
  if (!isObject(stored)) return stored;
  const [price, life] = [numberOf(stored['purchasePrice']), numberOf(stored['usefulLifeYears'])];
  const start = textOf(stored['depreciationStartDate']) || textOf(stored['purchaseDate']);
  if (price <= 0 || life <= 0 || start === '') return stored;
  const toLose = Math.max(0, price - numberOf(stored['salvageValue']));
  const yearsDepreciated = Math.min(life, wholeYears(start, plant.clock.now()));
  const accumulatedDepreciation = cents((toLose * yearsDepreciated) / life);
  const shown: Row = {
    ...stored,
    annualDepreciation: cents(toLose / life),
    yearsDepreciated,
    accumulatedDepreciation,
    currentBookValue: cents(price - accumulatedDepreciation),
  };
  return shown;
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;

function wholeYears(start: string, now: number): number {
  const [from, to] = [new Date(start), new Date(now)];
  const years = to.getUTCFullYear() - from.getUTCFullYear();
  const anniversary = new Date(from).setUTCFullYear(from.getUTCFullYear() + years);
  return Math.max(0, anniversary > now ? years - 1 : years);
}
