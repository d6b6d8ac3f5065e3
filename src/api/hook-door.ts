import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { raise } from '../errors.ts';
import type { Intake } from '../inbound/index.ts';
import { logFailure, problemOf, PROBLEM_TYPE, refusalOf } from './problem.ts';

/** Of any request's body. */
export const MOST_BYTES = 1024 * 1024;

const PATH = /^\/hooks\/([^/?]+)(?:\?.*)?$/;
const ACCEPTED = JSON.stringify({ status: 'accepted' });

export interface HookDoorOptions {
  readonly intake: Intake;
  /** Under which MaintainX reaches us, for the URI signature. */
  readonly publicUrl: string | undefined;
  readonly logger: FastifyBaseLogger;
}

/** Takes a request that is a webhook, and answers it; false: it is none. */
export type HookDoor = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Webhooks are let in before the framework sees them: what was signed is bytes, whatever their content type says, and a flood
 * is to cost as little as it can.
 */
export function hookDoor({ intake, publicUrl, logger }: HookDoorOptions): HookDoor {
  return (request, response) => {
    const { method, url = '' } = request;
    const hookKey = method === 'POST' ? PATH.exec(url)?.[1] : undefined;
    if (hookKey === undefined) return false;
    bytesOf(request)
      .then((body) =>
        intake.accept({
          hookKey,
          body,
          uri: `${publicUrl ?? `http://${request.headers.host ?? ''}`}${url}`,
          headers: request.headers,
        }),
      )
      .then(
        () => send(response, 202, 'application/json; charset=utf-8', ACCEPTED),
        (error: unknown) => refuse(response, logger, error),
      );
    return true;
  };
}

function refuse(response: ServerResponse, logger: FastifyBaseLogger, error: unknown): void {
  const requestId = crypto.randomUUID();
  const refusal = refusalOf(error);
  if (refusal.status >= 500) logFailure(logger.child({ reqId: requestId }), refusal, error);
  if (refusal.retryable) response.setHeader('retry-after', '5');
  send(response, refusal.status, PROBLEM_TYPE, JSON.stringify(problemOf(refusal, requestId)));
}

/** As text, a body goes out with its head in one call to the system. */
function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/**
 * The whole body. Rejects with `body-too-large`, and reads on for nothing, so that the sender sees the answer; never settles
 * when the sender goes away.
 */
function bytesOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MOST_BYTES) return void chunks.push(chunk);
      chunks.length = 0;
      reject(raise('body-too-large', 'the body is larger than 1 MiB'));
    });
    request.on('end', () => {
      const [first] = chunks;
      resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
    });
  });
}
