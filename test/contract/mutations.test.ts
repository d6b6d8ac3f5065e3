import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isObject, objectOf, parseJson, type Json } from '../../src/base/json.ts';
import { SPECIFICATION } from '../../src/maintainx/catalogue/index.ts';
import { compareSpecifications } from '../../src/maintainx/specification/compare.ts';
import type { Difference } from '../../src/maintainx/specification/differences.ts';
import { documentOf } from '../../src/maintainx/specification/document.ts';
import { readOperation, readSpecification, type ReadOperation } from '../../src/maintainx/specification/read.ts';
import { KINDS, mutationsOf } from './mutations.ts';
import { complaints } from './named.ts';

const SEED = 20260901;
const COUNT = 60;

/** MaintainX's own document is not in this repository: where it is at hand, it is mutated too. */
const ORIGINAL = process.env['MAINTAINX_SPECIFICATION'] ?? '../shared/maintainx/openapi.json';

const documents: readonly (readonly [string, () => Json])[] = [
  ['the document rebuilt from the catalogue', () => documentOf(SPECIFICATION)],
  ...(existsSync(ORIGINAL) ? [["MaintainX's own document", original] as const] : []),
];

describe.each(documents)('in %s', (name, load) => {
  const document = load();
  const differences = comparer();

  test('nothing differs from the catalogue', () => {
    expect(differences(document)).toEqual([]);
  });

  test(`the sentinel names each of ${COUNT} mutations, and nothing else`, { timeout: 120_000 }, () => {
    const mutations = mutationsOf(document, COUNT, SEED);
    const missed = mutations.flatMap((mutation) => complaints(mutation, differences(mutation.document)));
    console.log(`${mutations.length - missed.length} of ${mutations.length} mutations named in ${name}`);
    expect(missed).toEqual([]);
    expect(new Set(mutations.map(({ kind }) => kind))).toEqual(new Set(Object.keys(KINDS)));
  });

  test('prose is no difference', () => {
    expect(differences(withProse(document))).toEqual([]);
  });
});

describe('the check of mutations can fail', () => {
  const document = documentOf(SPECIFICATION);
  const differences = comparer();
  const [mutation] = mutationsOf(document, 1, SEED);
  const [expected] = mutation?.expected ?? [];
  if (mutation === undefined || expected === undefined) throw new Error('there is no mutation');
  const found = differences(mutation.document);

  test.each([
    ['nothing was found', mutation.expected, []],
    ['another operation', [{ ...expected, owner: 'GET /nowhere' }], found],
    ['another field', [{ ...expected, field: 'elsewhere' }], found],
    ['another part', [{ ...expected, part: 'answer 599' }], found],
    ['another verb', [{ ...expected, verb: 'removed' as const }], found],
    ['another value', [{ ...expected, after: { type: 'integer' } }], found],
    ['something more was found', mutation.expected, [...found, ...found]],
  ])('%s', (_, wrong, seen) => {
    expect(complaints(mutation, found)).toEqual([]);
    expect(complaints({ ...mutation, expected: wrong }, seen)).toHaveLength(1);
  });
});

/** Compares documents with the catalogue; operations that are the same object as before are not read again. */
function comparer(): (document: Json) => readonly Difference[] {
  const seen = new WeakMap<object, { readonly address: string; readonly read: ReturnType<ReadOperation> }>();
  const remembering: ReadOperation = (one, expansion) => {
    const address = `${one.method} ${one.path}`;
    const known = isObject(one.written) ? seen.get(one.written) : undefined;
    if (known?.address === address) return known.read;
    const read = readOperation(one, expansion);
    if (isObject(one.written)) seen.set(one.written, { address, read });
    return read;
  };
  return (document) => {
    const reading = readSpecification(document, remembering);
    if ('refused' in reading) throw new Error(reading.refused);
    return compareSpecifications(SPECIFICATION, reading.specification);
  };
}

function original(): Json {
  const parsed = parseJson(readFileSync(ORIGINAL, 'utf8'));
  if ('refused' in parsed) throw new Error(parsed.refused);
  return parsed.value;
}

/** Other descriptions and examples wherever a schema, parameter, answer or operation can have some. */
function withProse(value: Json): Json {
  if (isList(value)) return value.map(withProse);
  if (!isObject(value)) return value;
  const inner = Object.fromEntries(
    Object.entries(value).map(([name, member]) =>
      name === 'properties' || name === 'default' ? [name, fieldsWithProse(member)] : [name, withProse(member)],
    ),
  );
  const takesProse = ['type', 'schema', 'responses', 'content', 'oneOf'].some((word) => Object.hasOwn(value, word));
  return takesProse
    ? { ...inner, description: 'Told otherwise.', example: { told: 'otherwise' }, summary: 'Told.' }
    : inner;
}

/** The names are fields here, not keywords. */
const fieldsWithProse = (fields: Json): Json =>
  isObject(fields)
    ? Object.fromEntries(Object.entries(objectOf(fields)).map(([name, one]) => [name, withProse(one)]))
    : fields;

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
