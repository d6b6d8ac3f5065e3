import { isObject, objectOf, type Json, type JsonObject } from '../../src/base/json.ts';
import { objectsOf } from './document.ts';

/** Fields of an answer that its schema does not name. OpenAPI allows them; whoever imitates an API should not have any. */
export function undocumentedFields(schema: JsonObject, value: Json, path = ''): readonly string[] {
  const branches = branchesOf(schema);
  if (Array.isArray(value)) {
    const items = { anyOf: branches.flatMap((branch) => (isObject(branch['items']) ? [branch['items']] : [])) };
    return [...new Set(value.flatMap((each: Json) => undocumentedFields(items, each, `${path}[]`)))];
  }
  if (!isObject(value)) return [];
  const named = branches.flatMap((branch) => (isObject(branch['properties']) ? [branch['properties']] : []));
  if (named.length === 0 || branches.some((branch) => 'additionalProperties' in branch)) return [];
  return Object.entries(value).flatMap(([name, each]) => {
    const schemas = named.flatMap((properties) => (name in properties ? [objectOf(properties[name])] : []));
    const here = `${path}/${name}`;
    return schemas.length === 0 ? [here] : undocumentedFields({ anyOf: schemas }, each, here);
  });
}

/** The schema itself and everything that it is made of. */
function branchesOf(schema: JsonObject): readonly JsonObject[] {
  const parts = ['oneOf', 'anyOf', 'allOf'].flatMap((keyword) => objectsOf(schema[keyword]));
  return [schema, ...parts.flatMap(branchesOf)];
}
