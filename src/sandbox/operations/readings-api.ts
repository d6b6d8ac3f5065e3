import { objectOf } from '../../base/json.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { addReading } from '../plant/meter-reading.ts';
import type { Plant } from '../plant/plant.ts';
import { numberOf, objectsOf, textOf } from '../plant/row.ts';
import { idIn } from './handler.ts';
import { needRow } from './records-api.ts';

/** Many readings at once; the body's root is an array. */
export function postReadings(plant: Plant, request: ApiRequest): Answer {
  const wanted = objectsOf(request.body);
  const meters = wanted.map((reading) => needRow(plant, 'meter', numberOf(reading['meterId'])));
  const readings = wanted.map((reading, index) =>
    addReading(plant, meters[index] ?? {}, numberOf(reading['value']), textOf(reading['readingDate']) || null),
  );
  return {
    status: 201,
    json: readings.map(({ meterId, value, createdAt, readingDate }) => ({
      meterId: meterId ?? null,
      value: value ?? null,
      createdAt: createdAt ?? null,
      readingDate: readingDate ?? null,
    })),
  };
}

export function postReading(plant: Plant, request: ApiRequest): Answer {
  const meter = needRow(plant, 'meter', idIn(request, 'meterId'));
  const body = objectOf(request.body);
  const reading = addReading(plant, meter, numberOf(body['readingValue']), textOf(body['readingDate']) || null);
  return {
    status: 201,
    json: {
      id: textOf(reading['id']),
      createdAt: textOf(reading['createdAt']),
      readingDate: textOf(reading['readingDate']),
      readingValue: numberOf(reading['value']),
    },
  };
}
