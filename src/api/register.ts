import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../base/clock.ts';
import type { Database } from '../postgres/index.ts';
import { actingFor, allow, allowInstallation, authenticated } from './guard.ts';
import type { ApiRoute, Call } from './route.ts';
import { ProblemShape } from './shapes.ts';

const API_PREFIX = '/api/v1';

export interface Doorkeeping {
  readonly database: Database;
  readonly clock: Clock;
}

/** Puts the routes in place. Each is closed by default: who calls, and whether it may, is settled before anything else. */
export function registerRoutes(app: FastifyInstance, routes: readonly ApiRoute[], keeping: Doorkeeping): void {
  for (const one of routes)
    app.route({
      method: one.method,
      url: `${API_PREFIX}${one.path}`,
      schema: schemaOf(one),
      // Before the body is read and looked at: a stranger learns nothing of what would be valid.
      onRequest: async (request, reply) => {
        void reply.header('cache-control', 'no-store');
        callers.set(request, await admitted(one, request, keeping));
      },
      handler: async (request, reply) => {
        const answer = await answerTo(one, request);
        return reply.status(one.status).send(one.status === 204 ? undefined : answer);
      },
    });
}

type Admitted = Pick<Call, 'caller' | 'tenantId'>;

const callers = new WeakMap<FastifyRequest, Admitted>();

async function admitted(one: ApiRoute, request: FastifyRequest, { database, clock }: Doorkeeping): Promise<Admitted> {
  const caller = await authenticated(database, request, clock.now());
  if (one.reach === 'installation') allowInstallation(caller);
  allow(caller, one.scope);
  return { caller, tenantId: one.reach === 'tenant' ? await actingFor(database, caller, request) : null };
}

async function answerTo(one: ApiRoute, request: FastifyRequest): Promise<unknown> {
  const known = callers.get(request);
  if (known === undefined) throw new Error('a handler was reached past the door');
  // Fastify has checked them by the route's own shapes.
  const given = { params: request.params, query: request.query, body: request.body } as Omit<Call, keyof Admitted>;
  return one.handle({ ...given, ...known });
}

function schemaOf({ shapes, summary, operationId, status, scope, reach }: ApiRoute): Readonly<Record<string, unknown>> {
  const needs = scope === null ? 'Any token.' : `Scope \`${scope}\`.`;
  const whose = reach === 'tenant' ? ' Administrators name the tenant in the header `Millwright-Tenant`.' : '';
  const problem = {
    description: 'what is wrong, by code',
    content: { 'application/problem+json': { schema: ProblemShape } },
  };
  return {
    operationId,
    summary,
    description: `${needs}${whose}`,
    tags: [reach],
    security: [{ token: [] }],
    ...(shapes.params === undefined ? {} : { params: shapes.params }),
    ...(shapes.query === undefined ? {} : { querystring: shapes.query }),
    ...(shapes.body === undefined ? {} : { body: shapes.body }),
    response: { [status]: { description: summary, ...shapes.answer }, '4xx': problem, '5xx': problem },
  };
}
