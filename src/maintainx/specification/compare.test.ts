import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../base/json.ts';
import { compareSpecifications } from './compare.ts';
import type { Difference } from './differences.ts';
import { documentOf } from './document.ts';
import { readSpecification } from './read.ts';
import type { Specification } from './shape.ts';
import { groupDifferences, placeInWords } from './words.ts';

const json = (schema: Json): JsonObject => ({ content: { 'application/json': { schema } } });

function specification(paths: Json, events: JsonObject = {}): Specification {
  const hooks = Object.fromEntries(
    Object.entries(events).map(([name, schema]) => [name, { post: { requestBody: json(schema) } }]),
  );
  const reading = readSpecification({ openapi: '3.0.0', info: { version: '1' }, paths, 'x-webhooks': hooks });
  if ('refused' in reading) throw new Error(reading.refused);
  return reading.specification;
}

const answering = (schema: Json): Json => ({ '/assets/{id}': { get: { responses: { 200: json(schema) } } } });
const sending = (schema: Json): Json => ({ '/assets': { post: { requestBody: json(schema), responses: {} } } });

const told = (differences: readonly Difference[]): string[] =>
  groupDifferences(differences).flatMap(({ severity, sentence, places }) =>
    places.map((place) => `${severity}: ${sentence} | ${placeInWords(place)}`),
  );
const between = (known: Json, given: Json): string[] =>
  told(compareSpecifications(specification(known), specification(given)));

const asset = (fields: JsonObject, required: readonly string[] = []): Json => ({
  type: 'object',
  required,
  properties: fields,
});

describe('what an answer may hold', () => {
  test('a field more is new, a field less is breaking', () => {
    const [one, two] = [asset({ id: { type: 'integer' } }), asset({ name: { type: 'string', nullable: true } })];
    expect(between(answering(one), answering(two))).toEqual([
      'breaking: field "id" is gone | getAsset (GET /assets/{id}): answer 200, id',
      'new: field "name" is new (string, or null) | getAsset (GET /assets/{id}): answer 200, name',
    ]);
  });

  test('a new value, null, and a field that may be missing are breaking; the other way round they are notes', () => {
    const [strict, loose] = [
      asset({ status: { type: 'string', enum: ['ON', 'OFF'] }, id: { type: 'integer' } }, ['id']),
      asset({ status: { type: 'string', nullable: true, enum: ['ON', 'IDLE', 'OFF'] }, id: { type: 'integer' } }),
    ];
    expect(between(answering(strict), answering(loose)).map((line) => line.split(' |')[0])).toEqual([
      'breaking: field "id": it is no longer required',
      'breaking: field "status": value "IDLE" is new',
      'breaking: field "status": it may now be null',
    ]);
    expect(between(answering(loose), answering(strict)).every((line) => line.startsWith('note: '))).toBe(true);
  });

  test('another type is one difference, not one for each part that the other type lacks', () => {
    const [one, two] = [asset({ id: { type: 'integer' } }), { type: 'array', items: { type: 'integer' } }];
    expect(between(answering(one), answering(two))).toEqual([
      'breaking: answer 200: its type was "object", is now "array" | getAsset (GET /assets/{id}): answer 200',
    ]);
  });
});

describe('what a request may hold', () => {
  test.each([
    ['breaking', { maximum: 200 }, { maximum: 100 }],
    ['new', { maximum: 100 }, { maximum: 200 }],
    ['new', { maxLength: 100 }, {}],
    ['breaking', {}, { minimum: 1 }],
    ['breaking', {}, { enum: ['a'] }],
    ['new', { enum: ['a'] }, { enum: ['a', 'b'] }],
    ['breaking', { enum: ['a', 'b'] }, { enum: ['a'] }],
    ['breaking', { nullable: true }, {}],
    ['note', {}, { deprecated: true }],
    ['note', { default: 1 }, { default: 2 }],
  ])('stricter is breaking, looser is new: %s', (severity, before, after) => {
    const lines = between(sending(asset({ name: before })), sending(asset({ name: after })));
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^${severity}: .*createAsset .POST /assets.*, name$`))]);
  });

  test('a new field is breaking only when it must be there', () => {
    const [one, may, must] = [asset({}), asset({ name: {} }), asset({ name: {} }, ['name'])];
    expect(between(sending(one), sending(may))[0]).toMatch(/^new: field "name" is new/);
    expect(between(sending(one), sending(must))[0]).toMatch(/^breaking: field "name" is new \(required\)/);
  });

  test('a variant is recognised by the field that has one value only', () => {
    const variant = (type: string, more: JsonObject = {}): Json => asset({ type: { enum: [type] }, ...more });
    const [one, two] = [
      { oneOf: [variant('A'), variant('B')] },
      { oneOf: [variant('C'), variant('A', { url: { type: 'string' } })] },
    ];
    expect(between(sending(one), sending(two)).map((line) => line.split(' |')[0])).toEqual([
      'breaking: variant "type=B" is gone',
      'new: field "url" is new (string)',
      'new: variant "type=C" is new (object)',
    ]);
  });
});

describe('operations and parameters', () => {
  const list = (...parameters: Json[]): Json => ({ '/parts': { get: { parameters, responses: {} } } });
  const limit = { name: 'limit', in: 'query', schema: { type: 'integer' } };

  test('an array that is written another way is breaking: every filter of ours would be misread', () => {
    const [repeated, joined] = [list(limit), list({ ...limit, style: 'form', explode: false })];
    expect(between(repeated, joined).map((line) => line.split(' |')[0])).toEqual([
      'breaking: query parameter "limit": its explode is now false; there was none',
      'breaking: query parameter "limit": its style is now "form"; there was none',
    ]);
  });

  test('a content type beside JSON is new, and allOf of one schema is that schema', () => {
    const body = asset({ name: { type: 'string' } });
    const posting = (content: JsonObject): Json => ({ '/assets': { post: { requestBody: { content } } } });
    const plain = { 'application/json': { schema: body } };
    expect(between(posting(plain), posting({ ...plain, 'multipart/form-data': {} }))[0]).toMatch(
      /^new: .*content type "multipart\/form-data" is new/,
    );
    expect(between(posting(plain), posting({ 'application/json': { schema: { allOf: [body] } } }))).toEqual([]);
  });

  test('one that is gone, one that is new', () => {
    expect(between({ '/parts': { get: {} } }, { '/teams': { get: {} } })).toEqual([
      'breaking: operation listParts (GET /parts) is gone | listParts (GET /parts)',
      'new: operation listTeams (GET /teams) is new | listTeams (GET /teams)',
    ]);
  });

  test('a path whose parameter is called otherwise is the same operation', () => {
    const lines = between({ '/parts/{id}': { get: {} } }, { '/parts/{partId}': { get: {} } });
    expect(lines).toEqual([
      expect.stringMatching(/^note: .*its path was "\/parts\/\{id\}", is now "\/parts\/\{partId\}"/),
    ]);
  });

  test('two paths of one name are two operations', () => {
    const both = { '/workorders': { get: {} }, '/work-orders': { get: {} } };
    expect(between({ '/workorders': { get: {} } }, both)).toEqual([
      'new: operation listWorkOrders (GET /work-orders) is new | listWorkOrders (GET /work-orders)',
    ]);
  });

  test('a parameter is added, becomes required, moves, goes', () => {
    expect(between(list(), list(limit))[0]).toMatch(/^new: query parameter "limit" is new \(integer\)/);
    expect(between(list(), list({ ...limit, required: true }))[0]).toMatch(/^breaking: .*\(integer, required\)/);
    expect(between(list(limit), list({ ...limit, required: true }))[0]).toMatch(/^breaking: .*it is now required/);
    expect(between(list(limit), list({ ...limit, in: 'header' }))[0]).toMatch(/its place was "query", is now "header"/);
    expect(between(list(limit), list())[0]).toMatch(/^breaking: query parameter "limit" is gone/);
  });

  test('a parameter of the path counts for each of its operations', () => {
    expect(between(list(limit), { '/parts': { parameters: [limit], get: {} } })).toEqual([]);
  });

  test('an operation that needs a key where it needed none is breaking', () => {
    const [open, closed] = [{ '/versions': { get: { security: [] } } }, { '/versions': { get: {} } }];
    expect(between(open, closed)[0]).toMatch(/^breaking: .*it now needs a key/);
    expect(between(closed, open)[0]).toMatch(/^note: .*it no longer needs a key/);
  });

  test('content types of a file, one by one', () => {
    const put = (...types: string[]): Json => ({
      '/f': { put: { requestBody: { content: Object.fromEntries(types.map((type) => [type, {}])) } } },
    });
    expect(
      between(put('image/png', 'image/gif'), put('image/png', 'image/webp')).map((line) => line.split(' |')[0]),
    ).toEqual([
      'breaking: the body of the request: content type "image/gif" is gone',
      'new: the body of the request: content type "image/webp" is new',
    ]);
  });
});

describe('sharing does not matter', () => {
  const machine = asset({ id: { type: 'integer' }, name: { type: 'string' } });
  const paths = (schema: Json): Json => ({
    '/assets/{id}': { get: { responses: { 200: json(asset({ asset: schema })) } } },
    '/assets': { get: { responses: { 200: json(asset({ assets: { type: 'array', items: schema } })) } } },
  });

  test('of a document: references are followed, into themselves too', () => {
    const reading = readSpecification({
      openapi: '3.0.0',
      info: { version: '1' },
      paths: paths({ $ref: '#/components/schemas/Machine' }),
      components: { schemas: { Machine: machine, Loop: { items: { $ref: '#/components/schemas/Loop' } } } },
    });
    if ('refused' in reading) throw new Error(reading.refused);
    expect(compareSpecifications(specification(paths(machine)), reading.specification)).toEqual([]);
  });

  test('a change of a shared object is one sentence with all its places', () => {
    const groups = groupDifferences(
      compareSpecifications(specification(paths(machine)), specification(paths(asset({ id: { type: 'integer' } })))),
    );
    expect(groups.map(({ sentence, places }) => [sentence, ...places.map(placeInWords)])).toEqual([
      [
        'field "name" is gone',
        'getAsset (GET /assets/{id}): answer 200, asset.name',
        'listAssets (GET /assets): answer 200, assets[].name',
      ],
    ]);
  });

  test('a specification becomes a document and the same specification again', () => {
    const whole = specification(paths(machine), { NEW_ASSET: machine });
    const reading = readSpecification(documentOf(whole));
    expect(reading).toEqual({ specification: whole });
  });
});

test('the parts that a difference touches are named', () => {
  const known = specification(
    { ...objectAt('/assets', { name: {}, gone: {} }) },
    { NEW_ASSET: asset({ assetId: { type: 'integer' } }) },
  );
  const given = specification({ ...objectAt('/assets', { name: {} }) }, { NEW_ASSET: asset({}) });
  const parts = {
    mirrored: [{ kind: 'asset', path: '/assets', listKey: 'assets' }],
    events: { NEW_ASSET: { records: [{ kind: 'asset' }] } },
  };
  expect(compareSpecifications(known, given, parts).map(({ affects }) => affects)).toEqual([
    [
      'webhook fact NEW_ASSET',
      'event types of NEW_ASSET',
      'mirror of kind asset: reading again after NEW_ASSET',
      'sandbox',
    ],
    ['client types of listAssets', 'mirror of kind asset: list rows', 'sandbox'],
  ]);
});

function objectAt(path: string, fields: JsonObject): JsonObject {
  const rows = asset({ assets: { type: 'array', items: asset(fields) } });
  return { [path]: { get: { responses: { 200: json(rows) } } } };
}
