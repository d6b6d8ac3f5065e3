import { canonicalJson } from '../../base/canonical-json.ts';
import type { Json } from '../../base/json.ts';
import type { BodyShape, OperationShape, ParameterShape, Shape, Specification } from './shape.ts';

type Shapes = Specification['shapes'];

/**
 * The specification without references, lists without an order of their own sorted: the same API gives the same text,
 * whatever its objects share.
 */
export function wholeSpecification({ version, shapes, operations, events }: Specification): Specification {
  return {
    version,
    shapes: {},
    operations: mapped(operations, (operation) => wholeOperation(operation, shapes)),
    events: mapped(events, (shape) => wholeShape(shape, shapes)),
  };
}

function wholeOperation(operation: OperationShape, shapes: Shapes): OperationShape {
  const { body } = operation;
  return {
    ...operation,
    parameters: operation.parameters
      .map((one) => ({ ...one, shape: wholeShape(one.shape, shapes) }))
      .sort((left, right) => inOrder(placeOf(left), placeOf(right))),
    ...(body === undefined ? {} : { body: wholeBody(body, shapes) }),
    answers: mapped(operation.answers, (shape) => (shape === null ? null : wholeShape(shape, shapes))),
  };
}

const placeOf = (parameter: ParameterShape): string => `${parameter.in} ${parameter.name}`;

const wholeBody = (body: BodyShape, shapes: Shapes): BodyShape =>
  'json' in body ? { ...body, json: wholeShape(body.json, shapes) } : { ...body, bytes: [...body.bytes].sort() };

/** Keywords are looked at before they are used: a stranger's document may hold anything in their places. */
function wholeShape(written: Shape, shapes: Shapes): Shape {
  const { $ref, ...said } = written;
  const shape = withoutDenials(said);
  const target = $ref === undefined ? undefined : shapes[$ref];
  if (target !== undefined) return wholeShape(target, shapes);
  const each = (variants: readonly Shape[]): Shape[] => sorted(variants.map((one) => wholeShape(one, shapes)));
  return {
    ...shape,
    ...(Array.isArray(shape.required) ? { required: sorted(shape.required) } : {}),
    ...(Array.isArray(shape.enum) ? { enum: sorted(shape.enum) } : {}),
    ...(shape.properties === undefined
      ? {}
      : { properties: mapped(shape.properties, (inner) => wholeShape(inner, shapes)) }),
    ...(shape.items === undefined ? {} : { items: wholeShape(shape.items, shapes) }),
    ...(typeof shape.additionalProperties === 'object'
      ? { additionalProperties: wholeShape(shape.additionalProperties, shapes) }
      : {}),
    ...(shape.oneOf === undefined ? {} : { oneOf: each(shape.oneOf) }),
    ...(shape.anyOf === undefined ? {} : { anyOf: each(shape.anyOf) }),
    ...(shape.allOf === undefined ? {} : { allOf: each(shape.allOf) }),
  };
}

const DENIABLE = ['nullable', 'deprecated', 'readOnly', 'uniqueItems'] as const;

/** `nullable: false` says what its absence says. */
function withoutDenials(shape: Shape): Shape {
  const denied: readonly string[] = DENIABLE.filter((word) => shape[word] === false);
  if (denied.length === 0) return shape;
  return Object.fromEntries(Object.entries(shape).filter(([word]) => !denied.includes(word)));
}

const mapped = <From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

function sorted<Value extends Json>(values: readonly Value[]): Value[] {
  return values
    .map((value) => ({ value, text: typeof value === 'string' ? value : canonicalJson(value) }))
    .sort((left, right) => inOrder(left.text, right.text))
    .map(({ value }) => value);
}

const inOrder = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
