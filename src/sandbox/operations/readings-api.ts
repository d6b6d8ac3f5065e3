import { objectOf, type Json } from '../../base/json.ts';
import { badFields, fieldError, refused, type FieldError } from '../http/answer.ts';
import { addReading } from '../plant/meter-reading.ts';
import type { Plant } from '../plant/plant.ts';
import { numberOf, objectsOf, pick, textOf, type Row } from '../plant/row.ts';
import { idIn, type Handlers } from './handler.ts';

/** Readings are written and never listed: only `expand=last_reading` shows one (FACTS 2.4). */
export const readingHandlers = {
  /** Many readings at once; the body's root is an array. */
  createMeterReadings: ({ plant }, request) => {
    const wanted = objectsOf(request.body);
    const meters = wanted.map(({ meterId }) => {
      const meter = plant.store.get('meter', numberOf(meterId));
      if (meter === undefined) throw refused(404, 'meter Not Found');
      return meter;
    });
    refuseDates(wanted.map(({ readingDate }, index) => dateError(plant, meters[index], readingDate, `${index}.`)));
    slowDown(plant.meterPace.batch(request.act.userId, meters));
    const readings = wanted.map(({ value, readingDate }, index) =>
      addReading(plant, meters[index] ?? {}, numberOf(value), textOf(readingDate) || null, request.act),
    );
    return { status: 201, json: readings.map((one) => pick(one, ['meterId', 'value', 'createdAt', 'readingDate'])) };
  },
  /** The specification knows no 404 here, so an unknown meter is a bad request. */
  createMeterReading: ({ plant }, request) => {
    const meter = plant.store.get('meter', idIn(request, 'meterId'));
    if (meter === undefined) throw badFields([fieldError('meter not found', 'meterId', idIn(request, 'meterId'))]);
    const { readingValue, readingDate } = objectOf(request.body);
    refuseDates([dateError(plant, meter, readingDate, '')]);
    slowDown(plant.meterPace.single(meter));
    const reading = addReading(plant, meter, numberOf(readingValue), textOf(readingDate) || null, request.act);
    const told = pick(reading, ['id', 'createdAt', 'readingDate']);
    return { status: 201, json: { ...told, readingValue: numberOf(readingValue) } };
  },
} satisfies Partial<Handlers>;

const FURTHEST_BACK_MS = 3 * 86_400_000;

/** "This date can be set in the past, but cannot be further than 3 days for IoT meters." */
function dateError(plant: Plant, meter: Row | undefined, date: Json | undefined, path: string): FieldError | undefined {
  if (typeof date !== 'string') return undefined;
  const time = Date.parse(date);
  if (Number.isNaN(time)) return fieldError('must match format "date-time"', `${path}readingDate`, date);
  const isTooOld = meter?.['measurementType'] !== 'MANUAL' && time < plant.clock.now() - FURTHEST_BACK_MS;
  return isTooOld ? fieldError('cannot be more than 3 days in the past', `${path}readingDate`, date) : undefined;
}

function refuseDates(errors: readonly (FieldError | undefined)[]): void {
  const found = errors.filter((error) => error !== undefined);
  if (found.length > 0) throw badFields(found);
}

/** FACTS 2.2: readings have limits of their own. */
function slowDown(words: string | undefined): void {
  if (words !== undefined) throw refused(429, words);
}
