import { canonicalJson } from '../../base/canonical-json.ts';
import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import type { Shape } from './shape.ts';

/** What is wrong at one place of a value. */
export interface Complaint {
  /** Keys and indexes joined by dots, e.g. `assignees.0.type`; empty: the value itself. */
  readonly path: string;
  readonly error: string;
  readonly value?: Json | undefined;
}

export interface CheckOptions {
  readonly shapes: Readonly<Record<string, Shape>>;
  /** Whether fields that the shape does not name are refused: only at the root, where the specification is complete. */
  readonly refusesUnknown?: boolean;
}

/** Every place where `value` does not fit `shape`, in words like MaintainX's ("must be <= 200"); none: it fits. */
export function complaintsAbout(shape: Shape, value: Json | undefined, options: CheckOptions): readonly Complaint[] {
  return new Check(options).at('', shape, value, options.refusesUnknown === true);
}

class Check {
  readonly #shapes: CheckOptions['shapes'];

  constructor({ shapes }: CheckOptions) {
    this.#shapes = shapes;
  }

  at(path: string, written: Shape, value: Json | undefined, refusesUnknown = false): readonly Complaint[] {
    const shape = this.#resolved(written);
    if (value === undefined) return [{ path, error: `must be ${shape.type ?? 'given'}` }];
    if (value === null && takesNull(shape)) return [];
    const union = shape.oneOf ?? shape.anyOf;
    if (union !== undefined) return this.#oneOf(path, union, value);
    const wrongType = typeComplaint(shape, value);
    if (wrongType !== undefined) return [{ path, error: wrongType, value }];
    if (shape.enum !== undefined && !shape.enum.some((word) => word === value))
      return [{ path, error: `must be equal to one of the allowed values: ${shape.enum.join(', ')}`, value }];
    if (isObject(value)) return this.#object(path, shape, value, refusesUnknown);
    if (Array.isArray(value)) return this.#array(path, shape, value);
    return limitComplaints(shape, value).map((error) => ({ path, error, value }));
  }

  #resolved(shape: Shape): Shape {
    const target = shape.$ref === undefined ? undefined : this.#shapes[shape.$ref];
    return target === undefined ? shape : this.#resolved(target);
  }

  #object(path: string, shape: Shape, value: JsonObject, refusesUnknown: boolean): readonly Complaint[] {
    const known = shape.properties ?? {};
    const others = shape.additionalProperties;
    const closed = others === false || (refusesUnknown && shape.properties !== undefined && others === undefined);
    return [
      ...(shape.required ?? [])
        .filter((field) => value[field] === undefined)
        .map((field) => ({ path: join(path, field), error: `must have required property '${field}'` })),
      ...Object.entries(value).flatMap(([field, one]) => {
        const inner = Object.hasOwn(known, field) ? known[field] : undefined;
        if (inner !== undefined) return this.at(join(path, field), inner, one);
        if (closed) return [{ path: join(path, field), error: 'is not allowed', value: one }];
        return typeof others === 'object' ? this.at(join(path, field), others, one) : [];
      }),
    ];
  }

  #array(path: string, shape: Shape, value: readonly Json[]): readonly Complaint[] {
    const { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = shape;
    const error =
      value.length < minItems
        ? `must NOT have fewer than ${minItems} items`
        : value.length > maxItems
          ? `must NOT have more than ${maxItems} items`
          : shape.uniqueItems === true && new Set(value.map((one) => canonicalJson(one))).size < value.length
            ? 'must NOT have duplicate items'
            : undefined;
    return [
      ...(error === undefined ? [] : [{ path, error }]),
      ...(items === undefined ? [] : value.flatMap((one, index) => this.at(join(path, String(index)), items, one))),
    ];
  }

  /** Fits when one member does; else what the member says that was most likely meant: the one that complains least. */
  #oneOf(path: string, members: readonly Shape[], value: Json): readonly Complaint[] {
    const meant = members.filter((member) => namesItself(this.#resolved(member), value));
    const complaints = (meant.length > 0 ? meant : members).map((member) => this.at(path, member, value));
    return complaints.reduce((least, one) => (one.length < least.length ? one : least), complaints[0] ?? []);
  }
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** Whether a field that may hold one word only, like the event type of a subscription, holds it. */
function namesItself({ properties = {} }: Shape, value: Json): boolean {
  if (!isObject(value)) return false;
  const words = Object.entries(properties).filter(([, { enum: allowed }]) => allowed?.length === 1);
  return words.length > 0 && words.every(([field, shape]) => shape.enum?.[0] === value[field]);
}

/** A shape that says nothing of the type allows null too: the document marks many such with `nullable`. */
const takesNull = (shape: Shape): boolean =>
  shape.nullable === true ||
  shape.enum?.includes(null) === true ||
  (shape.type === undefined && shape.oneOf === undefined && shape.anyOf === undefined && shape.enum === undefined);

function typeComplaint({ type }: Shape, value: Json): string | undefined {
  switch (type) {
    case undefined:
      return undefined;
    case 'integer':
      return Number.isInteger(value) ? undefined : 'must be integer';
    case 'array':
      return Array.isArray(value) ? undefined : 'must be array';
    case 'object':
      return isObject(value) ? undefined : 'must be object';
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type ? undefined : `must be ${type}`;
  }
}

function limitComplaints(shape: Shape, value: Json): readonly string[] {
  if (typeof value === 'number') return numberComplaints(shape, value);
  return typeof value === 'string' ? textComplaints(shape, value) : [];
}

function numberComplaints({ minimum, maximum }: Shape, value: number): readonly string[] {
  return [
    ...(minimum !== undefined && value < minimum ? [`must be >= ${minimum}`] : []),
    ...(maximum !== undefined && value > maximum ? [`must be <= ${maximum}`] : []),
  ];
}

function textComplaints({ minLength, maxLength, pattern, format }: Shape, value: string): readonly string[] {
  return [
    ...(minLength !== undefined && value.length < minLength
      ? [`must NOT have fewer than ${minLength} characters`]
      : []),
    ...(maxLength !== undefined && value.length > maxLength ? [`must NOT have more than ${maxLength} characters`] : []),
    ...(pattern !== undefined && !new RegExp(pattern, 'u').test(value) ? [`must match pattern "${pattern}"`] : []),
    ...(format !== undefined && !hasFormat(format, value) ? [`must match format "${format}"`] : []),
  ];
}

const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)$/;

/** Formats that the document uses for strings; one that is unknown here says nothing. */
function hasFormat(format: string, value: string): boolean {
  switch (format) {
    case 'date-time':
      return DATE_TIME.test(value) && !Number.isNaN(Date.parse(value));
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
    case 'email':
      return /^[^\s@]+@[^\s@]+$/.test(value);
    case 'uri':
    case 'url':
      return URL.canParse(value);
    default:
      return true;
  }
}
