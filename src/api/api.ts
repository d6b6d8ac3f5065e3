import swagger from '@fastify/swagger';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { TENANT_HEADER } from './guard.ts';
import { raise } from '../errors.ts';
import { admittedIn, registerRoutes } from './register.ts';
import { documentation } from './documentation.ts';
import type { RoutePorts } from './rest/ports.ts';
import { apiRoutes } from './routes.ts';
import { compileCheck } from './validation.ts';

/** Adds the API, its OpenAPI document (`/openapi.json`) and pages that show it (`/docs`). */
export async function addApi(app: FastifyInstance, ports: RoutePorts, version: string): Promise<void> {
  await app.register(async (scope) => {
    scope.setValidatorCompiler(compileCheck);
    await scope.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Millwright',
          version,
          description: `Bearer tokens; an administrator names the tenant in the header ${TENANT_HEADER}.`,
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        },
        servers: [{ url: '/' }],
        components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
        tags: [
          { name: 'anyone', description: 'For every token.' },
          { name: 'tenant', description: 'Within one tenant.' },
          { name: 'installation', description: 'For the administrator of the installation.' },
        ],
      },
    });
    await scope.register(limitedRoutes(ports));
    scope.get('/openapi.json', { schema: { hide: true } }, () => scope.swagger());
    documentation(scope);
  });
}

/** Each token has so many requests a minute of one process; whoever has none, so many an address. */
const limitedRoutes =
  (ports: RoutePorts) =>
  async (scope: FastifyInstance): Promise<void> => {
    await scope.register(rateLimit, {
      max: ports.requestsPerMinute,
      timeWindow: 60_000,
      hook: 'preValidation',
      enableDraftSpec: true,
      keyGenerator: (request) => admittedIn(request)?.caller.tokenId ?? request.ip,
      errorResponseBuilder: () =>
        raise('too-many-requests', 'this token asks too often; Retry-After tells when to go on'),
    });
    registerRoutes(scope, apiRoutes(ports), ports);
  };
