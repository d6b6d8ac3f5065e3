import { isObject, type Json } from '../../base/json.ts';
import { badFields, refused, type Answer } from '../http/answer.ts';
import { addComment } from '../plant/comment.ts';
import { nextPageUrl } from './list.ts';
import { addReading } from '../plant/meter-reading.ts';
import type { Plant } from '../plant/plant.ts';
import { limitOf, onlyKnown } from '../http/query.ts';
import { needRow, onlySkipWebhook } from './records-api.ts';
import type { ApiRequest } from '../http/request.ts';
import { idOf, listOf, numberOf, textOf, type Row } from '../plant/row.ts';
import { smallBody } from './status-api.ts';
import { checkType } from './validate.ts';

/** One page of rows that were put together by hand; the cursor is an offset. */
function pageOf(key: string, rows: readonly Row[], request: ApiRequest): Answer {
  onlyKnown(request.query, (name) => name === 'limit' || name === 'cursor');
  const limit = limitOf(request.query);
  const start = Number(request.query.get('cursor') ?? '0');
  if (!Number.isInteger(start) || start < 0) throw refused(400, 'Invalid cursor');
  const nextCursor = start + limit < rows.length ? String(start + limit) : null;
  const url = nextCursor === null ? null : nextPageUrl(request.path, request.query, nextCursor);
  return { status: 200, json: { [key]: rows.slice(start, start + limit), nextCursor, nextPageUrl: url } };
}

export function listComments(plant: Plant, id: string, request: ApiRequest): Answer {
  const workOrder = needRow(plant, 'work-order', id);
  return pageOf('comments', plant.comments.get(idOf(workOrder)) ?? [], request);
}

export function postComment(plant: Plant, id: string, request: ApiRequest): Answer {
  onlySkipWebhook(request);
  const workOrder = needRow(plant, 'work-order', id);
  const body = smallBody(request.body, { content: '!string' });
  return { status: 201, json: { id: idOf(addComment(plant, workOrder, textOf(body['content']), request.act)) } };
}

/** Many readings at once; the body's root is an array. */
export function postReadings(plant: Plant, request: ApiRequest): Answer {
  onlySkipWebhook(request);
  if (!Array.isArray(request.body)) throw badFields([{ error: 'must be array' }]);
  const wanted = listOf(request.body).map((item, index) => checkReading(item, index));
  const meters = wanted.map((reading) => needRow(plant, 'meter', String(reading.meterId)));
  const readings = wanted.map(({ value, readingDate }, index) =>
    addReading(plant, meters[index] ?? {}, value, readingDate),
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

interface WantedReading {
  readonly meterId: number;
  readonly value: number;
  readonly readingDate: string | null;
}

function checkReading(item: Json, index: number): WantedReading {
  if (!isObject(item)) throw badFields([{ error: 'must be object', fieldPath: String(index) }]);
  const errors = [
    ...checkType(`${index}.meterId`, item['meterId'] ?? null, 'number'),
    ...checkType(`${index}.value`, item['value'] ?? null, 'number'),
    ...checkType(`${index}.readingDate`, item['readingDate'] ?? null, 'date?'),
  ];
  if (errors.length > 0) throw badFields(errors);
  return {
    meterId: numberOf(item['meterId']),
    value: numberOf(item['value']),
    readingDate: textOf(item['readingDate']) || null,
  };
}

export function postReading(plant: Plant, id: string, request: ApiRequest): Answer {
  onlySkipWebhook(request);
  const meter = needRow(plant, 'meter', id);
  const body = smallBody(request.body, { readingValue: '!number', readingDate: 'date?' });
  const date = textOf(body['readingDate']) || null;
  const reading = addReading(plant, meter, numberOf(body['readingValue']), date);
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

export function listOrganizations(plant: Plant, request: ApiRequest): Answer {
  const organization: Row = {
    id: plant.organizationId,
    name: 'Harbour Foods Packaging Plant',
    timeZone: 'Europe/Amsterdam',
    currency: 'EUR',
    dateFormatLocale: 'en-GB',
  };
  return pageOf('organizations', [organization], request);
}
