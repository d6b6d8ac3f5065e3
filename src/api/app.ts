import { createServer } from 'node:http';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { VERSION } from '../base/version.ts';
import { raise } from '../errors.ts';
import type { Intake } from '../inbound/index.ts';
import { addApi } from './api.ts';
import { hookDoor, MOST_BYTES } from './hook-door.ts';
import { sendProblem } from './problem.ts';
import type { RoutePorts } from './rest/ports.ts';

export interface AppOptions {
  readonly logger: FastifyBaseLogger;
  /** Present when this process takes webhooks in. */
  readonly intake: Intake | undefined;
  /** Under which MaintainX reaches us, for the URI signature. */
  readonly publicUrl: string | undefined;
  /** Rejects when this process cannot do its work. */
  readonly ready: () => Promise<void>;
  /** Present when this process serves the API. */
  readonly routes: RoutePorts | undefined;
  readonly health: () => Promise<Readonly<Record<string, unknown>>>;
}

/** How long a sender may take for a request, for its head, and for the next one. Milliseconds. */
const PATIENCE = {
  requestTimeout: 10_000,
  headersTimeout: 9_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
} as const;

/** The HTTP face, without listening. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { logger, intake, publicUrl } = options;
  const door = intake === undefined ? undefined : hookDoor({ intake, publicUrl, logger });
  const app = Fastify({
    loggerInstance: logger,
    // Hook keys are secrets: the path of a request must not reach a log.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MOST_BYTES,
    routerOptions: { maxParamLength: 200 },
    serverFactory: (handle) => {
      const server = createServer(PATIENCE, (request, response) => {
        // Else a sender that is never idle would keep a server that closes from its end.
        response.shouldKeepAlive &&= server.listening;
        if (door?.(request, response) !== true) handle(request, response);
      });
      return server;
    },
    frameworkErrors: sendProblem,
    genReqId: () => crypto.randomUUID(),
  });
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler(() => {
    throw raise('not-found', 'there is nothing at this address');
  });
  healthRoutes(app, options);
  if (options.routes !== undefined) await addApi(app, options.routes, VERSION);
  return app;
}

function healthRoutes(app: FastifyInstance, { ready, health }: AppOptions): void {
  app.get('/livez', () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    await ready();
    return { status: 'ok' };
  });
  app.get('/health', () => health());
}
