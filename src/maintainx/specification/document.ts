import type { Json, JsonObject } from '../../base/json.ts';
import type { BodyShape, OperationShape, Shape, Specification } from './shape.ts';
import { wholeSpecification } from './whole.ts';

/**
 * The OpenAPI document that says what the specification says, without prose and references. Reading it gives the same
 * specification again, so its canonical text is the shape's fingerprint and what is kept of a document.
 */
export function documentOf(written: Specification): JsonObject {
  const { version, operations, events } = wholeSpecification(written);
  const paths = new Map<string, Record<string, Json>>();
  for (const operation of Object.values(operations)) {
    const item = paths.get(operation.path) ?? {};
    item[operation.method.toLowerCase()] = operationObject(operation);
    paths.set(operation.path, item);
  }
  const hooks: Record<string, Json> = {};
  for (const [name, shape] of Object.entries(events)) hooks[name] = { post: { requestBody: jsonOf(shape) } };
  return { openapi: '3.0.0', info: { version }, paths: Object.fromEntries(paths), 'x-webhooks': hooks };
}

function operationObject({ section, deprecated, open, parameters, body, answers }: OperationShape): JsonObject {
  return {
    ...(section === '' ? {} : { tags: [section] }),
    ...(deprecated === true ? { deprecated } : {}),
    ...(open === true ? { security: [] } : {}),
    parameters: parameters.map(({ in: place, shape, ...rest }) => ({ ...rest, in: place, schema: shape })),
    ...(body === undefined ? {} : { requestBody: bodyObject(body) }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, shape]) => [status, shape === null ? {} : jsonOf(shape)]),
    ),
  };
}

function bodyObject(body: BodyShape): JsonObject {
  if ('json' in body) {
    const content: Record<string, JsonObject> = { 'application/json': { schema: body.json } };
    for (const type of body.also ?? []) content[type] = {};
    return { required: body.required, content };
  }
  return { required: body.required, content: Object.fromEntries(body.bytes.map((type) => [type, {}])) };
}

const jsonOf = (schema: Shape): JsonObject => ({ content: { 'application/json': { schema } } });
