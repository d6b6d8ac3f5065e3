import { isoNow, newId, type Plant } from './plant.ts';
import { idOf, type Row } from './row.ts';

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
