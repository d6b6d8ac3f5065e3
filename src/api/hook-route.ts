import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { raise } from '../errors.ts';
import type { Intake } from '../inbound/index.ts';

/** Of any request's body. */
export const MOST_BYTES = 1024 * 1024;

const PREFIX = '/hooks/';
const ACCEPTED = Buffer.from(JSON.stringify({ status: 'accepted' }));
const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'content-length': ACCEPTED.length } as const;

/**
 * Takes webhooks in, before the framework parses anything: what was signed is bytes, whatever their content type says; and
 * a flood is to cost as little as it can. What is refused goes the way of every refusal.
 */
export function hookRoute(app: FastifyInstance, intake: Intake, publicUrl: string | undefined): void {
  void app.register((scope, _options, done) => {
    // A logger of its own for each request is made in vain: nothing is logged of one that goes well.
    scope.setChildLoggerFactory((logger) => logger as FastifyBaseLogger);
    scope.addHook('onRequest', (request, reply, next) => {
      const { raw, url } = request;
      bytesOf(raw)
        .then((body) =>
          intake.accept({
            hookKey: keyIn(url),
            body,
            uri: `${publicUrl ?? `${request.protocol}://${request.host}`}${url}`,
            headers: raw.headers,
          }),
        )
        .then(
          () => {
            reply.hijack();
            answer(reply.raw);
          },
          (error: Error) => {
            // What is left of a body that is too large must not be taken for another request.
            if (!raw.complete) void reply.header('connection', 'close');
            next(error);
          },
        );
    });
    scope.post(`${PREFIX}:hookKey`, () => undefined);
    done();
  });
}

/** Keys need no encoding: what is encoded is nobody's. */
function keyIn(url: string): string {
  const end = url.indexOf('?');
  return url.slice(PREFIX.length, end < 0 ? undefined : end);
}

function answer(response: ServerResponse): void {
  response.writeHead(202, HEADERS);
  response.end(ACCEPTED);
}

/** The whole body. Rejects with `body-too-large`; never settles when the sender goes away. */
function bytesOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = (): void => reject(raise('body-too-large', 'the body is larger than 1 MiB'));
    if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) return tooLarge();
    const chunks: Buffer[] = [];
    let length = 0;
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= MOST_BYTES) return void chunks.push(chunk);
      request.off('data', take);
      tooLarge();
    };
    request.on('data', take);
    request.on('end', () => {
      const [first] = chunks;
      resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
    });
  });
}
