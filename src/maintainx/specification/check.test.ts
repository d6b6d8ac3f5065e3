import { expect, test } from 'vitest';
import { parseStored, type Json } from '../../base/json.ts';
import { complaintsAbout } from './check.ts';
import type { Shape } from './shape.ts';

const shapes: Readonly<Record<string, Shape>> = {
  Person: { type: 'object', required: ['type'], properties: { type: { enum: ['USER', 'TEAM'], type: 'string' } } },
};
const shape: Shape = {
  type: 'object',
  required: ['title'],
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 5 },
    count: { type: 'integer', minimum: 1, maximum: 200 },
    note: { type: 'string', nullable: true },
    due: { type: 'string', format: 'date-time' },
    people: { type: 'array', uniqueItems: true, items: { $ref: 'Person' } },
    requester: { oneOf: [{ type: 'integer' }, { type: 'string' }] },
    anything: {},
  },
};

const complaints = (value: Json): readonly string[] =>
  complaintsAbout(shape, value, { shapes, refusesUnknown: true }).map(({ path, error }) => `${path}: ${error}`);

test.each<[Json, readonly string[]]>([
  [{ title: 'ok' }, []],
  [{ title: 'ok', note: null, anything: null, requester: 'x', due: '2026-01-01T00:00:00Z' }, []],
  [{}, ["title: must have required property 'title'"]],
  [{ title: 5 }, ['title: must be string']],
  [{ title: null }, ['title: must be string']],
  [{ title: '' }, ['title: must NOT have fewer than 1 characters']],
  [{ title: 'too long' }, ['title: must NOT have more than 5 characters']],
  [{ title: 'ok', count: 201 }, ['count: must be <= 200']],
  [{ title: 'ok', count: 1.5 }, ['count: must be integer']],
  [{ title: 'ok', due: 'tomorrow' }, ['due: must match format "date-time"']],
  [{ title: 'ok', people: [{}] }, ["people.0.type: must have required property 'type'"]],
  [{ title: 'ok', people: [{ type: 'X' }] }, ['people.0.type: must be equal to one of the allowed values: USER, TEAM']],
  [{ title: 'ok', people: [{ type: 'USER' }, { type: 'USER' }] }, ['people: must NOT have duplicate items']],
  [{ title: 'ok', requester: true }, ['requester: must be integer']],
  [{ title: 'ok', status: 'DONE' }, ['status: is not allowed']],
  [[], [': must be object']],
])('%j', (value, expected) => {
  expect(complaints(value)).toEqual(expected);
});

test('a name that every object inherits is a field like any other', () => {
  expect(complaints(parseStored('{"title":"ok","constructor":1}'))).toEqual(['constructor: is not allowed']);
});
