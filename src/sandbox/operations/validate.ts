import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import { kindEntry, type Kind } from '../../maintainx/catalogue/index.ts';
import { badFields, fieldError, type FieldError } from '../http/answer.ts';
import { BODY_FIELDS, type FieldType } from './body-fields.ts';
import type { Plant } from '../plant/plant.ts';
import { listOf } from '../plant/row.ts';

/** What the objects inside an array need. */
const INSIDE: Readonly<Record<string, Readonly<Record<string, FieldType>>>> = {
  assignees: { type: 'USER|TEAM', id: 'any' },
  partsUsed: { partId: 'integer', quantityUsed: 'integer' },
  items: { quantityOrdered: 'number' },
  costs: { name: 'string', type: 'AMOUNT_NON_TAXABLE|AMOUNT_TAXABLE|PERCENT_TAXABLE', amount: 'number' },
};

const REFERENCES: Readonly<Record<string, Kind>> = {
  assetId: 'asset',
  locationId: 'location',
  vendorId: 'vendor',
  approverTeamId: 'team',
};

/** Refuses a body that the specification does not allow; all errors at once. */
export function checkBody(plant: Plant, kind: Kind, verb: 'create' | 'update', body: Json | undefined): JsonObject {
  if (!isObject(body)) throw badFields([{ error: 'must be object' }]);
  const entry = kindEntry(kind);
  const allowed = verb === 'create' ? entry.createFields : entry.updateFields;
  const required = verb === 'create' ? entry.createRequired : [];
  const errors = [
    ...required.filter((field) => body[field] === undefined).map((field) => missing(field)),
    ...Object.entries(body).flatMap(([field, value]) =>
      allowed.includes(field) ? checkField(plant, kind, field, value) : [fieldError('is not allowed', field, value)],
    ),
    ...checkDates(verb, body),
  ];
  if (errors.length > 0) throw badFields(errors);
  return body;
}

const missing = (path: string): FieldError => ({
  error: `must have required property '${lastOf(path)}'`,
  fieldPath: path,
});
const lastOf = (path: string): string => path.split('.').at(-1) ?? path;

function checkField(plant: Plant, kind: Kind, field: string, value: Json): readonly FieldError[] {
  const wrong = checkType(field, value, BODY_FIELDS[kind][field] ?? 'any');
  if (wrong.length > 0) return wrong;
  const target = field === 'parentId' ? kind : REFERENCES[field];
  if (target !== undefined && typeof value === 'number' && plant.store.get(target, value) === undefined)
    return [fieldError(`${target} not found`, field, value)];
  return checkInside(field, value);
}

/** The errors of one value against its type. */
export function checkType(path: string, value: Json, type: FieldType): readonly FieldError[] {
  const bare = type.replace(/\?$/, '');
  if (value === null) return type.endsWith('?') || bare === 'any' ? [] : [fieldError(`must be ${bare}`, path, value)];
  if (bare.endsWith('s') && !bare.includes('|')) {
    if (!Array.isArray(value)) return [fieldError('must be array', path, value)];
    return listOf(value).flatMap((item, index) => checkType(`${path}.${index}`, item, bare.slice(0, -1)));
  }
  const complaint = complaintAbout(value, bare);
  return complaint === undefined ? [] : [fieldError(complaint, path, value)];
}

function complaintAbout(value: Json, type: FieldType): string | undefined {
  switch (type) {
    case 'any':
      return undefined;
    case 'integer':
      return Number.isInteger(value) ? undefined : 'must be integer';
    case 'object':
      return isObject(value) ? undefined : 'must be object';
    case 'date':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value))
        ? undefined
        : 'must match format "date-time"';
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type ? undefined : `must be ${type}`;
    default:
      return typeof value === 'string' && type.split('|').includes(value)
        ? undefined
        : `must be equal to one of the allowed values: ${type.split('|').join(', ')}`;
  }
}

function checkInside(field: string, value: Json): readonly FieldError[] {
  const fields = Object.entries(INSIDE[field] ?? {});
  return listOf(value).flatMap((item, index) =>
    fields.flatMap(([name, type]) => {
      const path = `${field}.${index}.${name}`;
      const inner = isObject(item) ? item[name] : undefined;
      return inner === undefined ? [missing(path)] : checkType(path, inner, type);
    }),
  );
}

/** FACTS 2.4: a start date is valid only with a due date. */
function checkDates(verb: string, body: JsonObject): readonly FieldError[] {
  const isAlone = verb === 'create' && typeof body['startDate'] === 'string' && typeof body['dueDate'] !== 'string';
  return isAlone ? [fieldError('is only valid with dueDate', 'startDate', body['startDate'])] : [];
}
