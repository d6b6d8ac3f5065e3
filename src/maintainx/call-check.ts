import { isObject, parseJson, type Json } from '../base/json.ts';
import type { Problem } from './answers.ts';
import { SPECIFICATION } from './catalogue/index.ts';
import { operationOf, pathNames, type LooseInput, type OperationName } from './operations.ts';
import { complaintsAbout, type BodyShape, type OperationShape, type Shape } from './specification/index.ts';

/** What is sent of a body. */
export interface Content {
  readonly type: string;
  readonly data: string | Uint8Array;
}

/** A call in the words of HTTP; with problems it is not sent. */
export interface CheckedCall {
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly content?: Content;
  /** The value of `x-organization-ids`. */
  readonly organizationIds?: string;
  /** The JSON of the body, for the guards. */
  readonly json?: Json | undefined;
  readonly problems: readonly Problem[];
}

/** Fits a call to what the specification says of its operation: every place where it does not fit is a problem. */
export function checkCall(name: OperationName, input: LooseInput): CheckedCall {
  const operation = operationOf(name);
  const form = formProblems(input);
  if (form.length > 0) return { path: '', query: [], problems: form };
  const path = checkPath(operation, entriesOf(input.path));
  const query = checkQuery(operation, entriesOf(input.query));
  const fields = checkCustomFields(operation, entriesOf(input.customFields));
  const body = checkBody(operation.body, input);
  const organizations = checkOrganizations(operation, input.organizationIds);
  return {
    ...body,
    ...organizations,
    path: path.path,
    query: [...query.query, ...fields.query],
    problems: [...path.problems, ...query.problems, ...fields.problems, ...body.problems, ...organizations.problems],
  };
}

export type Entries = Readonly<Record<string, unknown>>;

/** A plain object, of any realm. What else has no entries (a URLSearchParams, a Map) would lose all that it holds. */
export function isEntries(value: unknown): value is Entries {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

export const entriesOf = (value: unknown): Entries => (isEntries(value) ? value : {});

const INPUT_KEYS: readonly string[] = [
  'path',
  'query',
  'body',
  'contentType',
  'customFields',
  'organizationIds',
  'allowLegacyStock',
  'allowOldReadings',
  'manualMeters',
] satisfies (keyof LooseInput)[];

/** What is not understood is refused: a filter that is dropped would give the whole list. */
function formProblems(input: LooseInput): readonly Problem[] {
  const unknown = Object.keys(input)
    .filter((key) => !INPUT_KEYS.includes(key))
    .map((key) => ({ error: `is no part of a call (${INPUT_KEYS.join(', ')})`, fieldPath: key }));
  const malformed = (['path', 'query', 'customFields'] as const)
    .filter((key) => input[key] !== undefined && !isEntries(input[key]))
    .map((key) => ({ error: 'must be a plain object', fieldPath: key }));
  const { manualMeters } = input;
  const isList = manualMeters === undefined || Array.isArray(manualMeters);
  const unlisted = isList ? [] : [{ error: 'must be a list of ids', fieldPath: 'manualMeters' }];
  return [...unknown, ...malformed, ...unlisted];
}

interface CheckedPath {
  readonly path: string;
  readonly problems: readonly Problem[];
}

function checkPath(operation: OperationShape, given: Entries): CheckedPath {
  const names = pathNames(operation);
  const problems = names.flatMap((name) => pathProblems(operation, name, given[name]));
  const unknown = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => ({ error: 'is no parameter of this path', fieldPath: `path.${name}` }));
  if (problems.length > 0) return { path: '', problems: [...problems, ...unknown] };
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(given[name])));
  return { path, problems: unknown };
}

/** A parameter is one segment: what a URL parser or a proxy takes for another path is refused, not only encoded. */
function pathProblems(operation: OperationShape, name: string, value: unknown): readonly Problem[] {
  const fieldPath = `path.${name}`;
  if (typeof value !== 'string' && typeof value !== 'number') return [{ error: 'must be given', fieldPath }];
  const text = String(value);
  if (!isSegment(text)) return [{ error: 'must be one segment of a path', fieldPath, fieldValue: text }];
  const shape = operation.parameters.find((one) => one.in === 'path' && one.name === name)?.shape;
  // Ids may come as digits: those beyond 2^53 only do so.
  const isId = shape?.type === undefined || shape.type === 'integer' || shape.type === 'number';
  if (isId && typeof value === 'number' && value > Number.MAX_SAFE_INTEGER)
    return [{ error: 'must come as digits: this number stands for several ids', fieldPath, fieldValue: text }];
  if (isId) return /^\d+$/.test(text) ? [] : [{ error: 'must be an id', fieldPath, fieldValue: text }];
  return problemsAt(fieldPath, shape, text);
}

const isSegment = (text: string): boolean =>
  text.trim() !== '' && text !== '.' && text !== '..' && text.isWellFormed() && !/[/\\\p{Cc}]/u.test(text);

interface CheckedQuery {
  readonly query: readonly (readonly [string, string])[];
  readonly problems: readonly Problem[];
}

/** Stands in the document for any custom field's label. */
const CUSTOM_FIELD = 'customFieldName';

function checkQuery(operation: OperationShape, given: Entries): CheckedQuery {
  // To expand nothing is to leave `expand` away.
  const entries = Object.entries(given).filter(
    ([name, value]) => value !== undefined && !(name === 'expand' && isEmptyList(value)),
  );
  const problems = entries.flatMap(([name, value]) => {
    const fieldPath = `query.${name}`;
    const shape = queryShapes(operation).get(name);
    if (shape === undefined) return [{ error: unknownQuery(operation), fieldPath }];
    if (isEmptyList(value)) return [{ error: NO_FILTER, fieldPath }];
    return problemsAt(fieldPath, shape, jsonOf(value));
  });
  // What was checked is what is sent: a Date, say, is its text.
  const query = entries.flatMap(([name, value]) =>
    textsOf(jsonOf(value)).map((one): readonly [string, string] => [name, one]),
  );
  return { query, problems };
}

/** An empty list cannot be sent: where it stands for "none of them", everything would come. */
const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
const NO_FILTER = 'is an empty list, which filters nothing: leave it away to ask for everything';

/** The scalars of a value or list as texts; the rest has been complained about. */
const textsOf = (value: unknown): readonly string[] =>
  listOf(value).flatMap((one) =>
    typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean' ? [String(one)] : [],
  );

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const isText = (value: unknown): value is string => typeof value === 'string';

const queryShapes = (operation: OperationShape): ReadonlyMap<string, Shape> =>
  new Map(
    operation.parameters
      .filter((one) => one.in === 'query' && one.name !== CUSTOM_FIELD)
      .map((one) => [one.name, one.shape]),
  );

const takesCustomFields = (operation: OperationShape): boolean =>
  operation.parameters.some((one) => one.in === 'query' && one.name === CUSTOM_FIELD);

function unknownQuery(operation: OperationShape): string {
  const known = [...queryShapes(operation).keys()];
  const hint = takesCustomFields(operation) ? '; custom fields go into customFields' : '';
  return `is no parameter of this operation${known.length === 0 ? '' : ` (${known.join(', ')})`}${hint}`;
}

/** Names that a list understands by itself: a custom field of that label is asked for with `__c` behind it. */
const PAGING: readonly string[] = ['cursor', 'limit', 'sort', 'expand'];

function checkCustomFields(operation: OperationShape, given: Entries): CheckedQuery {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return { query: [], problems: [] };
  if (!takesCustomFields(operation))
    return {
      query: [],
      problems: [{ error: 'this operation has no filter by custom fields', fieldPath: 'customFields' }],
    };
  const known = queryShapes(operation);
  const query = entries.flatMap(([label, value]) => {
    const name = known.has(label) || PAGING.includes(label) ? `${label}__c` : label;
    return textsOf(value).map((one): readonly [string, string] => [name, one]);
  });
  const problems = entries
    .filter(([label, value]) => label.trim() === '' || isEmptyList(value) || !listOf(value).every(isText))
    .map(([label]) => ({
      error: 'must be a text or a list of texts that is not empty, under a label',
      fieldPath: `customFields.${label}`,
    }));
  return { query, problems };
}

/** Only the lists that name the header take it (FACTS 2.1). */
function checkOrganizations(
  operation: OperationShape,
  ids: unknown,
): Pick<CheckedCall, 'organizationIds' | 'problems'> {
  if (ids === undefined) return { problems: [] };
  const fieldPath = 'organizationIds';
  if (!operation.parameters.some((one) => one.in === 'header' && one.name === 'x-organization-ids'))
    return { problems: [{ error: 'this operation is for one organisation at a time', fieldPath }] };
  const list = textsOf(ids);
  return list.length > 0 && list.every((id) => /^\d+$/.test(id))
    ? { organizationIds: list.join(','), problems: [] }
    : { problems: [{ error: 'must be a list of ids', fieldPath }] };
}

type CheckedBody = Pick<CheckedCall, 'content' | 'json' | 'problems'>;

function checkBody(shape: BodyShape | undefined, { body, contentType }: LooseInput): CheckedBody {
  if (shape === undefined)
    return { problems: body === undefined ? [] : [{ error: 'this operation takes no body', fieldPath: 'body' }] };
  if (body === undefined) return { problems: shape.required ? [{ error: 'must be given', fieldPath: 'body' }] : [] };
  return 'bytes' in shape ? checkFile(shape.bytes, body, contentType) : checkJson(shape.json, body);
}

const ANY_FILE = 'application/octet-stream';

function checkFile(types: readonly string[], body: unknown, contentType: unknown = ANY_FILE): CheckedBody {
  if (!(body instanceof Uint8Array))
    return { problems: [{ error: 'must be bytes (a Uint8Array)', fieldPath: 'body' }] };
  if (typeof contentType === 'string' && types.includes(contentType))
    return { content: { type: contentType, data: body }, problems: [] };
  const error = `is no content type that MaintainX takes here; leave it away to send ${ANY_FILE}`;
  return { problems: [{ error, fieldPath: 'contentType', fieldValue: textsOf(contentType).join(', ') }] };
}

function checkJson(shape: Shape, body: unknown): CheckedBody {
  const text = jsonText(body);
  const parsed = parseJson(text ?? '');
  if (text === undefined || 'refused' in parsed)
    return { problems: [{ error: 'cannot be written as JSON of at most 64 levels', fieldPath: 'body' }] };
  const problems = problemsAt('', shape, parsed.value, true);
  return { content: { type: 'application/json', data: text }, json: parsed.value, problems };
}

/** undefined for what has no JSON: circles, BigInt, functions. */
function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** A value as JSON; what has none becomes undefined, which fits no shape. */
function jsonOf(value: unknown): Json | undefined {
  const parsed = parseJson(jsonText(value) ?? '');
  return 'value' in parsed ? parsed.value : undefined;
}

function problemsAt(at: string, shape: Shape, value: Json | undefined, refusesUnknown = false): readonly Problem[] {
  return complaintsAbout(shape, value, { shapes: SPECIFICATION.shapes, refusesUnknown }).map((one) => {
    const fieldPath = [at, one.path].filter((part) => part !== '').join('.');
    const shown =
      one.value === undefined || isObject(one.value) || Array.isArray(one.value) ? {} : { fieldValue: one.value };
    return { error: one.error, fieldPath: fieldPath === '' ? 'body' : fieldPath, ...shown };
  });
}
