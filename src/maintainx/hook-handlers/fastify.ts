import type { IncomingMessage } from 'node:http';
import { answerToNode, headersOf, wasParsed } from './express.ts';
import { answered, type WebhookAnswer, type WebhookOptions } from './receive.ts';

interface FastifyRequest {
  /** What Fastify made a request of; its bytes are read here. */
  readonly raw: IncomingMessage;
}

interface FastifyReply {
  code(status: number): FastifyReply;
  headers(values: Record<string, string>): FastifyReply;
  send(payload: unknown): unknown;
}

type Step = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** What the plugin uses of Fastify 5. */
interface FastifyInstance {
  all(path: string, options: { onRequest: Step }, handler: Step): unknown;
}

export type FastifyWebhooks = (instance: FastifyInstance) => Promise<void>;

/**
 * A Fastify plugin that takes webhooks at its prefix and everything below:
 * `app.register(fastifyWebhooks({ … }), { prefix: '/hooks' })`. It answers before Fastify looks at content type and body,
 * so the bytes are those that were signed, whatever they are called; the rest of the application is as before.
 */
export function fastifyWebhooks(options: WebhookOptions): FastifyWebhooks {
  const onRequest: Step = async ({ raw }, reply) => {
    const { status, message } = await answerTo(options, raw);
    return reply.code(status).headers(headersOf(raw, status)).send({ message });
  };
  const handler: Step = () => Promise.resolve();
  return (instance) => {
    for (const path of ['/', '/*']) instance.all(path, { onRequest }, handler);
    return Promise.resolve();
  };
}

function answerTo(options: WebhookOptions, raw: IncomingMessage): Promise<WebhookAnswer> {
  return raw.method === 'POST' && wasParsed(raw)
    ? Promise.resolve(answered(500, 'maintainx-webhook-parsed: another plugin read the body'))
    : answerToNode(options, raw);
}
