import { isObject, objectOf, type Json, type JsonObject } from '../../base/json.ts';
import { operationName } from './naming.ts';
import { Sharing } from './sharing.ts';
import type { BodyShape, Method, OperationShape, ParameterShape, Shape, Specification } from './shape.ts';

const METHODS: readonly Method[] = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];

/** Keywords that say something of a value; all others are prose. */
const WORDS = [
  'type',
  'format',
  'nullable',
  'enum',
  'required',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'pattern',
  'default',
  'deprecated',
  'readOnly',
] as const;

/**
 * The shape of a MaintainX OpenAPI document: names, types, enums and limits, none of its prose. Objects that occur more
 * than once are shared by name. Never fails: what is not understood is left out.
 */
export function compactSpecification(document: Json): Specification {
  const root = objectOf(document);
  const operations: Record<string, OperationShape> = {};
  for (const [path, item] of Object.entries(objectOf(root['paths'])))
    for (const method of METHODS) {
      const written = objectOf(item)[method.toLowerCase()];
      if (isObject(written)) operations[nameOf(method, path, written)] = operationFrom(method, path, written);
    }
  const events = Object.fromEntries(
    Object.entries(objectOf(root['x-webhooks'])).map(([name, hook]) => [
      name,
      shapeOf(jsonSchemaOf(objectOf(objectOf(hook)['post'])['requestBody']) ?? {}),
    ]),
  );
  const version = objectOf(root['info'])['version'];
  return new Sharing().share({ version: typeof version === 'string' ? version : '', operations, events });
}

function nameOf(method: Method, path: string, written: JsonObject): string {
  return operationName(method, path, objectOf(jsonSchemaOf(written['requestBody']))['type'] === 'array');
}

function operationFrom(method: Method, path: string, written: JsonObject): OperationShape {
  const [section] = listOf(written['tags']);
  const body = bodyFrom(written['requestBody']);
  return {
    method,
    path,
    section: typeof section === 'string' ? section : '',
    ...(written['deprecated'] === true ? { deprecated: true } : {}),
    ...(Array.isArray(written['security']) && written['security'].length === 0 ? { open: true } : {}),
    parameters: parametersFrom(written['parameters']),
    ...(body === undefined ? {} : { body }),
    answers: Object.fromEntries(
      Object.entries(objectOf(written['responses'])).map(([status, answer]) => {
        const schema = jsonSchemaOf(answer);
        return [status, schema === undefined ? null : shapeOf(schema)];
      }),
    ),
  };
}

/** Each once: the document names `skipWebhook` twice at one operation. */
function parametersFrom(written: Json | undefined): ParameterShape[] {
  const found = new Map<string, ParameterShape>();
  for (const one of listOf(written).filter(isObject)) {
    const [name, place] = [one['name'], one['in']];
    if (typeof name !== 'string' || (place !== 'query' && place !== 'path' && place !== 'header')) continue;
    found.set(`${place} ${name}`, {
      name,
      in: place,
      required: one['required'] === true,
      shape: shapeOf(one['schema']),
      ...(typeof one['style'] === 'string' ? { style: one['style'] } : {}),
      ...(typeof one['explode'] === 'boolean' ? { explode: one['explode'] } : {}),
    });
  }
  return [...found.values()];
}

function bodyFrom(written: Json | undefined): BodyShape | undefined {
  const body = objectOf(written);
  const content = objectOf(body['content']);
  const required = body['required'] === true;
  const json = jsonSchemaOf(body);
  const types = Object.keys(content);
  const also = types.filter((type) => type !== 'application/json');
  if (json !== undefined) return { required, json: shapeOf(json), ...(also.length > 0 ? { also } : {}) };
  return types.length === 0 ? undefined : { required, bytes: types };
}

const jsonSchemaOf = (holder: Json | undefined): Json | undefined =>
  objectOf(objectOf(objectOf(holder)['content'])['application/json'])['schema'];

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const listOf = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);

/** `allOf` of one schema is that schema, with what is written beside it. */
function unwrapped(schema: JsonObject): JsonObject {
  const { allOf, ...beside } = schema;
  const [only, ...more] = listOf(allOf);
  return isObject(only) && more.length === 0 ? unwrapped({ ...only, ...beside }) : schema;
}

/** A schema without prose. */
function shapeOf(schema: Json | undefined): Shape {
  const written = unwrapped(objectOf(schema));
  const shape: Record<string, unknown> = {};
  for (const word of WORDS) if (written[word] !== undefined) shape[word] = written[word];
  if (isObject(written['properties']))
    shape['properties'] = Object.fromEntries(
      Object.entries(written['properties']).map(([name, value]) => [name, shapeOf(value)]),
    );
  if (isObject(written['items'])) shape['items'] = shapeOf(written['items']);
  const others = written['additionalProperties'];
  if (typeof others === 'boolean') shape['additionalProperties'] = others;
  else if (isObject(others)) shape['additionalProperties'] = shapeOf(others);
  for (const word of ['oneOf', 'anyOf', 'allOf'])
    if (Array.isArray(written[word])) shape[word] = listOf(written[word]).map(shapeOf);
  return shape;
}
