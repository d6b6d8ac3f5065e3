import { objectOf } from '../../base/json.ts';
import { uuidFrom } from '../hooks/signature.ts';
import type { Dice } from '../seed/dice.ts';
import { checkTriggers } from './meter-trigger.ts';
import { isoAt, isoNow, newId, type Act, type Plant } from './plant.ts';
import { idOf, numberOf, objectsOf, textOf, type Row } from './row.ts';

/** As many of a meter's readings as its triggers may look back. */
const KEPT = 100;

/**
 * A reading moves `lastReading` and no date of the meter; there is no webhook for it (FACTS 1.3). Triggers look at it
 * when `act` says who took it.
 */
export function addReading(plant: Plant, meter: Row, value: number, readingDate: string | null, act?: Act): Row {
  const createdAt = isoNow(plant);
  const number = newId(plant, 'meter-reading');
  const meterId = idOf(meter);
  const reading: Row = {
    // "IoT meters will produce IDs with the format '{meterId}-{uuid}', while manual meters will produce numbered IDs."
    id: meter['measurementType'] === 'MANUAL' ? String(number) : `${meterId}-${uuidFrom('reading', meterId, number)}`,
    meterId,
    createdAt,
    readingDate: readingDate === null ? createdAt : isoAt(Date.parse(readingDate)),
    value,
  };
  // Backdated ones take their place among the others.
  const readings = [...objectsOf(meter['readings']), reading].sort((left, right) =>
    textOf(left['readingDate']) < textOf(right['readingDate']) ? -1 : 1,
  );
  meter['readings'] = readings.slice(-KEPT);
  meter['lastReading'] = readings.at(-1) ?? reading;
  if (act !== undefined) checkTriggers(plant, meter, reading, act);
  return reading;
}

/** A plausible next reading of the meter. */
export function takeReading(plant: Plant, dice: Dice, meter: Row, act?: Act): number {
  const range = objectOf(meter['range']);
  const low = numberOf(range['low']);
  const high = numberOf(range['high']) || 100;
  const value = dice.whole(low * 10, high * 10) / 10;
  addReading(plant, meter, value, null, act);
  return value;
}
