import type { BodyShape, OperationShape, ParameterShape, Shape } from '../src/maintainx/specification/index.ts';

/** A shape as a TypeScript type; shared shapes by their names. */
export function typeOf(shape: Shape): string {
  const plain = plainTypeOf(shape);
  return shape.nullable === true && plain !== 'unknown' ? `${plain} | null` : plain;
}

function plainTypeOf(shape: Shape): string {
  if (shape.$ref !== undefined) return shape.$ref;
  const union = shape.oneOf ?? shape.anyOf;
  if (union !== undefined) return unionOf(union.map(typeOf));
  if (shape.enum !== undefined)
    return unionOf(shape.enum.filter((one) => one !== null).map((one) => JSON.stringify(one)));
  switch (shape.type) {
    case 'object':
      return objectTypeOf(shape);
    case 'array':
      return `readonly (${typeOf(shape.items ?? {})})[]`;
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
      return shape.type;
    case undefined:
    default:
      return 'unknown';
  }
}

const unionOf = (members: readonly string[]): string =>
  members.includes('unknown') ? 'unknown' : [...new Set(members)].join(' | ');

function objectTypeOf({ properties, required = [], additionalProperties: others }: Shape): string {
  if (properties === undefined) {
    const values = typeof others === 'object' ? typeOf(others) : 'unknown';
    return `Readonly<Record<string, ${values}>>`;
  }
  const members = Object.entries(properties).map(([name, value]) =>
    member(name, typeOf(value), required.includes(name), value.deprecated === true),
  );
  return `{ ${members.join(' ')} }`;
}

const member = (name: string, type: string, isRequired: boolean, isDeprecated = false): string =>
  `${isDeprecated ? '/** @deprecated */ ' : ''}readonly ${JSON.stringify(name)}${isRequired ? '' : '?'}: ${type};`;

/** What one operation takes and answers. */
export function operationTypeOf(operation: OperationShape): string {
  const parameters = (place: ParameterShape['in']): string =>
    operation.parameters
      .filter((one) => one.in === place && one.name !== CUSTOM_FIELD)
      .map((one) => member(one.name, place === 'path' ? pathTypeOf(one.shape) : typeOf(one.shape), one.required))
      .join(' ');
  const path = parameters('path');
  const query = parameters('query');
  return `{ readonly path: ${path === '' ? 'None' : `{ ${path} }`}; readonly query: ${query === '' ? 'None' : `{ ${query} }`}; readonly body: ${bodyTypeOf(operation.body)}; readonly answer: ${answerTypeOf(operation)}; }`;
}

/** Stands for any label of a custom field, so it is no name of a parameter. */
const CUSTOM_FIELD = 'customFieldName';

/** Ids in paths may be numbers or their digits. */
const pathTypeOf = (shape: Shape): string =>
  shape.type === 'integer' || shape.type === 'number' ? 'number | string' : typeOf(shape);

function bodyTypeOf(body: BodyShape | undefined): string {
  if (body === undefined) return 'undefined';
  return 'json' in body ? typeOf(body.json) : 'Uint8Array';
}

function answerTypeOf({ answers }: OperationShape): string {
  const good = Object.entries(answers).filter(([status]) => status.startsWith('2'));
  return unionOf(good.map(([, shape]) => (shape === null ? 'undefined' : typeOf(shape))));
}
