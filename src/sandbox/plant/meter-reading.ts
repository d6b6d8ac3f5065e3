import { objectOf } from '../../base/json.ts';
import type { Dice } from '../seed/dice.ts';
import { isoNow, newId, type Plant } from './plant.ts';
import { idOf, numberOf, type Row } from './row.ts';

/** A reading moves `lastReading` and no date of the meter; there is no webhook for it (FACTS 1.3). */
export function addReading(plant: Plant, meter: Row, value: number, readingDate: string | null): Row {
  const createdAt = isoNow(plant);
  const reading: Row = {
    id: String(newId(plant, 'line')),
    meterId: idOf(meter),
    createdAt,
    readingDate: readingDate ?? createdAt,
    value,
  };
  meter['lastReading'] = reading;
  return reading;
}

/** A plausible next reading of the meter. */
export function takeReading(plant: Plant, dice: Dice, meter: Row): number {
  const range = objectOf(meter['range']);
  const low = numberOf(range['low']);
  const high = numberOf(range['high']) || 100;
  const value = dice.whole(low * 10, high * 10) / 10;
  addReading(plant, meter, value, null);
  return value;
}
