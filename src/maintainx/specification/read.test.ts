import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson, type Json } from '../../base/json.ts';
import { compareSpecifications } from './compare.ts';
import { documentOf } from './document.ts';
import { readSpecification } from './read.ts';
import { groupDifferences, placeInWords } from './words.ts';

const HEAD = { openapi: '3.0.0', info: { version: '1' } };

describe('a document that is none', () => {
  test.each([[null], [[]], ['text'], [{}], [{ openapi: 3 }], [{ swagger: '2.0', paths: {} }]])('%j', (document) => {
    expect(readSpecification(document)).toEqual({ refused: expect.stringMatching(/OpenAPI/) });
  });

  test('"paths" must be an object', () => {
    expect(readSpecification({ ...HEAD, paths: [] })).toEqual({ refused: expect.stringMatching(/"paths"/) });
  });
});

test('few references that name very much are refused, soon', () => {
  const schemas: Record<string, Json> = { s0: { type: 'string' } };
  for (let level = 1; level <= 30; level++) {
    const twice = { $ref: `#/components/schemas/s${level - 1}` };
    schemas[`s${level}`] = { properties: { a: twice, b: twice } };
  }
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/s30' } } };
  const paths = { '/a': { get: { responses: { 200: { content } } } } };
  expect(readSpecification({ ...HEAD, paths, components: { schemas } })).toEqual({
    refused: 'holds more than can be compared',
  });
});

/** Words that mean something in a document, so that nonsense stands where sense is awaited. */
const WORDS = [
  'get',
  'post',
  'parameters',
  'responses',
  'requestBody',
  'content',
  'application/json',
  'schema',
  'name',
];
const MORE = [
  'in',
  'type',
  'enum',
  'required',
  'properties',
  'items',
  'oneOf',
  'additionalProperties',
  '$ref',
  'query',
];
const nonsense = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 7 },
    fc.constantFrom<Json>(null, true, 3, '#/paths', 'object', 'query', '\u001b[2J'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...WORDS, ...MORE, '/a/{id}', '200', 'constructor', 'toString'), tie('value'), {
      maxKeys: 5,
    }),
  ),
})).value;

test('whatever stands in a document, it is read, compared with another and put into words', () => {
  const read = (paths: Json, hooks: Json) => {
    const reading = readSpecification({ ...HEAD, paths: { '/a': paths, constructor: paths }, 'x-webhooks': hooks });
    return 'refused' in reading ? undefined : reading.specification;
  };
  fc.assert(
    fc.property(nonsense, nonsense, (one, other) => {
      const [known, given] = [read(one, other), read(other, one)];
      if (known === undefined || given === undefined) throw new Error('refused');
      for (const { sentence, places } of groupDifferences(compareSpecifications(known, given)))
        expect([sentence, ...places.map(placeInWords)].join('')).not.toMatch(/\p{Cc}/u);
      expect(compareSpecifications(known, known)).toEqual([]);
      expect(readSpecification(documentOf(known))).toEqual({ specification: known });
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('a document as deep as is let through is read', () => {
  const deep = `${'{"properties":{"a":'.repeat(45)}{"type":"string"}${'}}'.repeat(45)}`;
  const text = `{"openapi":"3.0.0","paths":{"/a":{"get":{"responses":{"200":{"content":{"application/json":{"schema":${deep}}}}}}}}}`;
  const parsed = parseJson(text, 100);
  if ('refused' in parsed) throw new Error(parsed.refused);
  expect(readSpecification(parsed.value)).toHaveProperty('specification');
});
