import Fastify, { type FastifyInstance } from 'fastify';
import { raise } from '../errors.ts';

const WITHIN =
  "default-src 'none'; connect-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

/**
 * Pages that show the document. Whatever they are made of, they load and tell nothing beyond this gateway; and they are made when
 * somebody looks at them first, for they take more memory than all the rest of the API.
 */
export function documentation(app: FastifyInstance): void {
  let pages: Promise<FastifyInstance> | undefined;
  for (const url of ['/docs', '/docs/*'])
    app.get(url, { schema: { hide: true } }, async (request, reply) => {
      pages ??= makePages();
      const { statusCode, headers, rawPayload } = await (await pages).inject(request.url);
      if (statusCode === 404) throw raise('not-found', 'there is nothing at this address');
      for (const name of ['content-type', 'location'])
        if (headers[name] !== undefined) reply.header(name, headers[name]);
      return reply.status(statusCode).header('content-security-policy', WITHIN).send(rawPayload);
    });
}

async function makePages(): Promise<FastifyInstance> {
  const { default: reference } = await import('@scalar/fastify-api-reference');
  const pages = Fastify();
  await pages.register(reference, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      telemetry: false,
      withDefaultFonts: false,
      hideClientButton: true,
      // Nothing that leads a plant's people to somebody else's service.
      showDeveloperTools: 'never',
      agent: { disabled: true },
      authentication: { preferredSecurityScheme: 'token' },
    },
  });
  return pages;
}
