import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isObject, parseStored, type Json } from '../../base/json.ts';
import { COLLECTIONS, eventShape, HOOK_EVENTS, isHookEvent, LIMITS, SPECIFICATION, TRAPS, UNITS } from './index.ts';

/** The vendor's document is not ours to ship; where it lies beside the project, the sources are looked up in it. */
const DOCUMENT = new URL('../../../../shared/maintainx/openapi.json', import.meta.url);

test('each of the 169 operations is in exactly one collection', () => {
  const operations: string[] = Object.values(COLLECTIONS).flatMap((collection) => [...collection.operations]);
  expect(operations.toSorted()).toEqual(Object.keys(SPECIFICATION.operations).toSorted());
  expect(operations).toHaveLength(169);
});

test('a collection is nested in one that exists', () => {
  const parents = Object.values(COLLECTIONS).flatMap((collection) => ('of' in collection ? [collection.of] : []));
  expect(parents.length).toBeGreaterThan(5);
  expect(Object.keys(COLLECTIONS)).toEqual(expect.arrayContaining(parents));
});

test('all 46 events have an entry whose ids are in their bodies', () => {
  const events = Object.keys(HOOK_EVENTS).filter(isHookEvent);
  expect(events).toHaveLength(46);
  for (const event of events) {
    const { fields } = eventShape(event);
    for (const { id } of HOOK_EVENTS[event].records) expect(fields).toContain(id.split('.')[0]);
  }
});

test('filters and options of a subscription come from the specification', () => {
  expect(eventShape('WORK_ORDER_STATUS_CHANGE')).toMatchObject({
    filters: expect.arrayContaining(['oneOfStatuses']),
    options: expect.arrayContaining(['serializeEntity']),
  });
  expect(eventShape('NEW_VENDOR')).toMatchObject({ filters: [], options: [] });
});

const SOURCES = [...Object.values(LIMITS), ...Object.values(TRAPS), ...UNITS].map(({ source }) => source);

test('every claim names its source', () => {
  for (const source of SOURCES) expect(source).toMatch(/#\/\S+|FACTS [12]\.\d/);
});

test.skipIf(!existsSync(DOCUMENT))('every JSON pointer leads into the specification', () => {
  const document = parseStored(readFileSync(DOCUMENT, 'utf8'));
  const pointers = SOURCES.flatMap((source) => [...source.matchAll(/#(\/[^\s,]+)/g)].map((match) => match[1] ?? ''));
  for (const pointer of pointers) expect([pointer, at(document, pointer) === undefined]).toEqual([pointer, false]);
});

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

function at(document: Json, pointer: string): Json | undefined {
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<Json | undefined>((value, key) => {
      if (isList(value)) return value[Number(key)];
      return isObject(value) ? value[key] : undefined;
    }, document);
}
