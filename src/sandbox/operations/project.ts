import { isObject, type Json } from '../../base/json.ts';
import { goodAnswer, resolved, SPECIFICATION } from '../../maintainx/catalogue/index.ts';
import type { Shape } from '../../maintainx/specification/index.ts';
import type { OperationName } from '../http/operation.ts';
import { listOf, type Row } from '../plant/row.ts';

/**
 * What an answer of this shape shows of a value: the fields that the shape names, without those that are null, as
 * MaintainX leaves them out (FACTS 2.3), unless the shape requires them.
 */
export function projected(written: Shape, value: Json): Json {
  const shape = variantFor(resolved(written), value);
  if (Array.isArray(value)) {
    const { items } = shape;
    return items === undefined ? listOf(value) : listOf(value).map((one) => projected(items, one));
  }
  if (!isObject(value) || shape.properties === undefined) return value;
  const shown: Row = {};
  for (const [field, inner] of Object.entries(shape.properties)) {
    const one = value[field];
    if (one === undefined) continue;
    if (one !== null || shape.required?.includes(field) === true) shown[field] = projected(inner, one);
  }
  return shown;
}

/** Of a union the member with the most fields of the value. */
function variantFor(shape: Shape, value: Json): Shape {
  const members = (shape.oneOf ?? shape.anyOf ?? []).map(resolved);
  if (members.length === 0 || !isObject(value)) return shape;
  const fit = (member: Shape): number =>
    Object.keys(value).filter((field) => Object.hasOwn(member.properties ?? {}, field)).length;
  return members.reduce((best, one) => (fit(one) > fit(best) ? one : best), members[0] ?? shape);
}

const snakeCase = (field: string): string => field.replaceAll(/([A-Z])/g, (letter) => `_${letter.toLowerCase()}`);

/** The expand tokens that the operation knows. */
function tokensOf(operation: OperationName): readonly unknown[] {
  const expand = SPECIFICATION.operations[operation].parameters.find((one) => one.name === 'expand');
  return expand?.shape.items?.enum ?? [];
}

/** The row as the operation shows it under `key`; a field with an expand token of its own only when it was asked for. */
export function shownAs(operation: OperationName, key: string, row: Row, expand: ReadonlySet<string> = new Set()): Row {
  const inner = resolved(goodAnswer(SPECIFICATION.operations[operation]).shape.properties?.[key] ?? {});
  const shape = inner.type === 'array' ? (inner.items ?? {}) : inner;
  const shown = projected(shape, row);
  const tokens = tokensOf(operation);
  return Object.fromEntries(
    Object.entries(isObject(shown) ? shown : {}).filter(
      ([field]) => !tokens.includes(snakeCase(field)) || expand.has(snakeCase(field)),
    ),
  );
}
