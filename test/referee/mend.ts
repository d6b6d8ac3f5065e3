import { isObject, type Json, type JsonObject } from '../../src/base/json.ts';

/** A document that every validator can compile, and how many schemas had to be mended for it. */
export interface Mended {
  readonly document: JsonObject;
  readonly mended: number;
}

/**
 * OpenAPI 3.0 knows `nullable` only beside `type`. The vendor's document has it without: Ajv then refuses the schema, and
 * Prism silently validates nothing at all. Here such a schema becomes "what it says, or null", which is what it means.
 */
export function mend(document: JsonObject): Mended {
  let mended = 0;
  const of = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(of);
    if (!isObject(value)) return value;
    const inside = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, of(each)]));
    if (value['nullable'] !== true || 'type' in value) return inside;
    mended++;
    return orNull(inside);
  };
  const whole = of(document);
  return { document: isObject(whole) ? whole : {}, mended };
}

/** Without anything that it says, such a schema allows everything already. */
function orNull({ nullable: _, ...schema }: JsonObject): JsonObject {
  const says = ['oneOf', 'anyOf', 'allOf', 'enum', 'properties'].some((keyword) => keyword in schema);
  return says ? { anyOf: [schema, { enum: [null] }] } : schema;
}

/**
 * The document says of files that they are objects with the format binary; OpenAPI 3.0 calls bytes a string. Only Prism
 * minds, which reads such a body as text.
 */
export function withBytesAsText(document: JsonObject): Mended {
  let mended = 0;
  const of = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(of);
    if (!isObject(value)) return value;
    if (value['type'] !== 'object' || value['format'] !== 'binary')
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, of(each)]));
    mended++;
    return { ...value, type: 'string' };
  };
  const whole = of(document);
  return { document: isObject(whole) ? whole : {}, mended };
}
