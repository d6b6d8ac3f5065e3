import { TENANT_HEADER } from './guard.ts';
import { FileBytes, type ApiRoute } from './route.ts';
import { ProblemShape } from './shapes.ts';

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemShape } },
});

const file = (description: string) => ({
  description,
  content: { 'application/octet-stream': { schema: FileBytes } },
});

/** What the OpenAPI document says of a route. */
export function schemaOf(one: ApiRoute): Readonly<Record<string, unknown>> {
  const { shapes, summary, operationId, status, scope, reach, method } = one;
  const needs = scope === null ? 'Any token.' : `Scope \`${scope}\`.`;
  const notModified = method === 'GET' ? { 304: { description: 'as `If-None-Match` has it', type: 'null' } } : {};
  return {
    operationId,
    summary,
    description: needs,
    tags: [reach],
    security: [{ token: [] }],
    ...(shapes.params === undefined ? {} : { params: shapes.params }),
    ...(shapes.query === undefined ? {} : { querystring: shapes.query }),
    ...(shapes.body === undefined ? {} : { body: shapes.body }),
    headers: { type: 'object', properties: headersOf(one) },
    response: {
      [status]: shapes.answer === FileBytes ? file(summary) : { description: summary, ...shapes.answer },
      ...notModified,
      '4xx': problem('what is wrong with the request, by code'),
      '5xx': problem('what is wrong here, by code'),
    },
  };
}

function headersOf({ reach, method }: ApiRoute): Readonly<Record<string, unknown>> {
  const text = (description: string) => ({ type: 'string', description });
  return {
    ...(reach === 'tenant'
      ? { [TENANT_HEADER]: text('the tenant’s name; for administrators, and only for them') }
      : {}),
    ...(method === 'GET' ? { 'if-none-match': text('answers 304 when nothing else is there') } : {}),
    ...(method === 'GET' ? {} : { 'idempotency-key': text('the same request with the same key is done once') }),
    ...(method === 'PATCH' || method === 'PUT' ? { 'if-match': text('the ETag of what is meant to be changed') } : {}),
  };
}
