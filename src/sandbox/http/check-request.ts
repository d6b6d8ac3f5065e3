import type { Json } from '../../base/json.ts';
import { SPECIFICATION } from '../../maintainx/catalogue/index.ts';
import { complaintsAbout, type ParameterShape, type Shape } from '../../maintainx/specification/index.ts';
import { badFields, fieldError, refused, type FieldError } from './answer.ts';
import type { Matched } from './operation.ts';

const { shapes } = SPECIFICATION;

/** What of a request is checked before the operation sees it. */
export interface Unchecked {
  readonly query: URLSearchParams;
  readonly body: Json | undefined;
}

/**
 * Refuses what the specification does not allow: path, query and body, all errors of the first of these that has any.
 * `isCustomField` says whether a parameter's name is the label of a custom field of this collection (FACTS 2.3).
 */
export function checkRequest(
  { shape, params }: Matched,
  { query, body }: Unchecked,
  isCustomField: (name: string) => boolean,
): void {
  const { parameters } = shape;
  const inPath = parameters.filter((one) => one.in === 'path');
  const wrongPath = inPath.flatMap((one) => textComplaints(one.shape, one.name, params[one.name] ?? ''));
  // Where no 400 is documented, an id that cannot be is one that is not there.
  if (wrongPath.length > 0 && !('400' in shape.answers)) throw refused(404, 'Not Found');
  refuseAny(wrongPath);
  checkQuery(parameters, query, isCustomField);
  if (shape.body === undefined || !('json' in shape.body)) return;
  if (body === undefined && !shape.body.required) return;
  const complaints = complaintsAbout(shape.body.json, body, { shapes, refusesUnknown: true });
  refuseAny(complaints.map(({ path, error, value }) => (path === '' ? { error } : fieldError(error, path, value))));
}

function refuseAny(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw badFields(errors);
}

function checkQuery(
  parameters: readonly ParameterShape[],
  query: URLSearchParams,
  isCustomField: (name: string) => boolean,
): void {
  const known = new Map(parameters.filter((one) => one.in === 'query').map((one) => [one.name, one]));
  const takesLabels = known.delete('customFieldName');
  const isLabel = (name: string): boolean => takesLabels && isCustomField(name);
  const names = [...new Set(query.keys())];
  refuseAny(
    names
      .filter((name) => !known.has(name) && !isLabel(name))
      .map((name) => fieldError('is not a known query parameter', name, query.get(name) ?? '')),
  );
  checkSort(known.get('sort')?.shape, query.get('sort'));
  checkLimit(query.get('limit'));
  refuseAny(
    names.flatMap((name) => {
      const parameter = known.get(name);
      return parameter === undefined ? [] : valueComplaints(parameter, query.getAll(name));
    }),
  );
}

/** FACTS 2.3 has the words: `'id' is not a member of updatedAt,createdAt,...`. */
function checkSort(shape: Shape | undefined, sort: string | null): void {
  if (sort === null || shape?.enum === undefined || shape.enum.includes(sort)) return;
  throw refused(400, `'${sort}' is not a member of ${shape.enum.join(',')}`);
}

/** Out of range the observed envelope is not the one that the specification gives for lists (FACTS 2.3). */
function checkLimit(text: string | null): void {
  const limit = text === null || text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isInteger(limit) || (limit >= 1 && limit <= 200)) return;
  throw badFields([fieldError(limit > 200 ? 'must be <= 200' : 'must be >= 1', 'limit', limit)], 'errors');
}

function valueComplaints({ name, shape }: ParameterShape, texts: readonly string[]): readonly FieldError[] {
  const { items } = shape;
  if (items === undefined && texts.length > 1)
    return [fieldError(`must be ${shape.type ?? 'one value'}`, name, undefined)];
  if (items === undefined) return texts.flatMap((text) => textComplaints(shape, name, text));
  return texts.flatMap((text, index) => textComplaints(items, texts.length > 1 ? `${name}.${index}` : name, text));
}

/** The complaints about a value that came as text. */
function textComplaints(shape: Shape, path: string, text: string): readonly FieldError[] {
  const readings = [...(shape.oneOf ?? [shape])].map((one) => valueOf(one, text));
  const complaints = readings.map((value) => complaintsAbout(shape, value, { shapes }));
  const least = complaints.find((one) => one.length === 0) ?? complaints[0] ?? [];
  return least.map(({ error }) => fieldError(error, path, readings[0]));
}

const INTEGER = /^-?(0|[1-9]\d{0,14})$/;
const NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d{1,10})?$/;

/** `true`, `1` and `yes` are yes, as the specification says of `skipWebhook`. */
const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  1: true,
  yes: true,
  false: false,
  0: false,
  no: false,
};

function valueOf({ type }: Shape, text: string): Json {
  if ((type === 'integer' && INTEGER.test(text)) || (type === 'number' && NUMBER.test(text))) return Number(text);
  return type === 'boolean' ? (BOOLEANS[text.toLowerCase()] ?? text) : text;
}
