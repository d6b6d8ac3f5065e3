import { answered, MAX_WEBHOOK_BYTES, pathIn, receiveWebhook, type WebhookOptions } from './receive.ts';
import { BODY_SIGNATURE_HEADER } from '../webhook-signature.ts';

interface FastifyRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

interface FastifyReply {
  code(status: number): FastifyReply;
  send(payload: unknown): unknown;
}

/** What the plugin uses of Fastify 5. */
interface FastifyInstance {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parser: (request: unknown, body: Buffer, done: (error: Error | null, body?: unknown) => void) => void,
  ): unknown;
  post(path: string, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): unknown;
}

export type FastifyWebhooks = (instance: FastifyInstance) => Promise<void>;

/**
 * A Fastify plugin that takes webhooks at its prefix and everything below:
 * `app.register(fastifyWebhooks({ … }), { prefix: '/hooks' })`. It keeps the raw bytes for itself; the rest of the
 * application parses bodies as before.
 */
export function fastifyWebhooks(options: WebhookOptions): FastifyWebhooks {
  const { maxBytes = MAX_WEBHOOK_BYTES } = options;
  return (instance) => {
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBytes }, (_request, body, done) =>
      done(null, body),
    );
    const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
      const { status, message } = await answerTo(options, request);
      return reply.code(status).send({ message });
    };
    instance.post('/', handler);
    instance.post('/*', handler);
    return Promise.resolve();
  };
}

function answerTo(options: WebhookOptions, { body, headers, url }: FastifyRequest): ReturnType<typeof receiveWebhook> {
  // Without content Fastify calls no parser.
  const raw = body ?? new Uint8Array();
  if (!(raw instanceof Uint8Array))
    return Promise.resolve(answered(500, 'maintainx-webhook-parsed: another plugin parsed the body'));
  const header = headers[BODY_SIGNATURE_HEADER];
  return receiveWebhook(options, raw, Array.isArray(header) ? header[0] : header, pathIn(url));
}
