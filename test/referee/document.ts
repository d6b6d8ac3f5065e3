import { existsSync, readFileSync } from 'node:fs';
import { isObject, objectOf, parseStored, type Json, type JsonObject } from '../../src/base/json.ts';
import { mend } from './mend.ts';

/** What the referee reads of an OpenAPI document, straight from the document. */
export interface ApiDocument {
  readonly operations: readonly Operation[];
  /** The schema of each webhook's body by event type. */
  readonly events: ReadonlyMap<string, JsonObject>;
  /** Path of the first server, e.g. `/v1`; every operation stands below it. */
  readonly basePath: string;
  readonly mendedSchemas: number;
  /** The whole document, mended. */
  readonly mended: JsonObject;
}

export interface Operation {
  /** E.g. `GET /assets/{id}`. */
  readonly name: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly parameters: readonly Parameter[];
  /** Not where the document says `security: []`. */
  readonly needsKey: boolean;
  readonly bodyIsRequired: boolean;
  /** Schema by content type. */
  readonly bodies: ReadonlyMap<string, JsonObject>;
  /** Schema by status; `undefined` where the document gives none. */
  readonly answers: ReadonlyMap<number, JsonObject | undefined>;
}

export interface Parameter {
  readonly name: string;
  readonly place: string;
  readonly isRequired: boolean;
  readonly schema: JsonObject;
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];
const VENDORS_DOCUMENT = new URL('../../../shared/maintainx/openapi.json', import.meta.url);

/** The vendor's document is not ours to ship: where it is not at hand, there is nothing to referee. */
export function specificationFile(asked: string | undefined): string | URL | undefined {
  const file = asked ?? process.env['MAINTAINX_SPECIFICATION'] ?? VENDORS_DOCUMENT;
  return existsSync(file) ? file : undefined;
}

export const readDocument = (file: string | URL): ApiDocument => documentOf(parseStored(readFileSync(file, 'utf8')));

export function documentOf(json: Json): ApiDocument {
  const { document, mended } = mend(objectOf(json));
  const responses = objectOf(objectOf(document['components'])['responses']);
  const operations = Object.entries(objectOf(document['paths'])).flatMap(([path, item]) =>
    Object.entries(objectOf(item))
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => operationOf(method.toUpperCase(), path, objectOf(operation), responses)),
  );
  const hooks = Object.entries(objectOf(document['x-webhooks']));
  return {
    operations,
    events: new Map(hooks.map(([type, hook]) => [type, eventSchema(objectOf(hook))])),
    basePath: basePathOf(document),
    mendedSchemas: mended,
    mended: document,
  };
}

function operationOf(method: string, path: string, operation: JsonObject, responses: JsonObject): Operation {
  const body = objectOf(operation['requestBody']);
  return {
    name: `${method} ${path}`,
    method,
    segments: path.split('/').slice(1),
    parameters: objectsOf(operation['parameters']).map(parameterOf),
    needsKey: !(Array.isArray(operation['security']) && operation['security'].length === 0),
    bodyIsRequired: body['required'] === true,
    bodies: new Map(Object.entries(objectOf(body['content'])).map(([type, one]) => [type, schemaIn(one)])),
    answers: new Map(
      Object.entries(objectOf(operation['responses'])).map(([status, answer]) => [
        Number(status),
        jsonSchemaOf(followed(objectOf(answer), responses)),
      ]),
    ),
  };
}

const parameterOf = (parameter: JsonObject): Parameter => ({
  name: textIn(parameter, 'name'),
  place: textIn(parameter, 'in'),
  isRequired: parameter['required'] === true,
  schema: objectOf(parameter['schema']),
});

/** The document's only references: to components/responses. */
function followed(answer: JsonObject, responses: JsonObject): JsonObject {
  const name = typeof answer['$ref'] === 'string' ? answer['$ref'].split('/').pop() : undefined;
  return name === undefined ? answer : objectOf(responses[name]);
}

function jsonSchemaOf(answer: JsonObject): JsonObject | undefined {
  const content = objectOf(answer['content'])['application/json'];
  return content === undefined ? undefined : schemaIn(content);
}

const eventSchema = (hook: JsonObject): JsonObject =>
  jsonSchemaOf(objectOf(objectOf(hook['post'])['requestBody'])) ?? {};

const schemaIn = (content: Json): JsonObject => objectOf(objectOf(content)['schema']);

/** The text under a name, or an empty one. */
export function textIn(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === 'string' ? value : '';
}

export const typeOf = (schema: JsonObject): string => textIn(schema, 'type');

export const objectsOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

function basePathOf(document: JsonObject): string {
  const url = objectsOf(document['servers'])[0]?.['url'];
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).pathname.replace(/\/$/, '') : '';
}
