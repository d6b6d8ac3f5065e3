import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../base/clock.ts';
import type { Ground } from '../ground.ts';
import type { Answer } from './answer.ts';
import type { NoReply, Reply } from './api.ts';

/** Sends a reply, with the faults of the way back in it. */
export async function transmit(
  { clock, stopping }: Ground,
  message: IncomingMessage,
  response: ServerResponse,
  reply: Reply | NoReply,
): Promise<void> {
  if ('ending' in reply) return end(clock, stopping, response, reply);
  const { lines } = reply.answer;
  if (lines !== undefined) return sendLines(response, reply.answer, lines);
  const body = bodyOf(reply.answer);
  const hasBody = message.method !== 'HEAD' && reply.answer.status !== 204;
  response.writeHead(reply.answer.status, {
    ...reply.headers,
    // By the sandbox's clock, which may be another one than the machine's.
    Date: new Date(clock.now()).toUTCString(),
    ...(reply.answer.status === 204 ? {} : { 'Content-Type': typeOf(reply.answer), 'Content-Length': body.length }),
  });
  if (!hasBody || reply.body === undefined) response.end(hasBody ? body : undefined);
  else if (reply.body.as === 'cut') cutShort(response, body, reply.body.bytes);
  else await dribble(clock, stopping, response, body, reply.body);
}

/** Characters that are made and sent at one go: all of a small plant, so that it is told as of one moment. */
const GO = 2_000_000;

async function sendLines(response: ServerResponse, answer: Answer, lines: Iterable<string>): Promise<void> {
  response.writeHead(answer.status, { 'Content-Type': typeOf(answer) });
  let text = '';
  for (const line of lines) {
    text += line;
    if (text.length < GO) continue;
    const isFull = !response.write(text);
    text = '';
    if (isFull) await drained(response);
    if (response.destroyed) return;
  }
  response.end(text);
}

/** Until there is room again, or nobody reads any more. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });

async function end(clock: Clock, stopping: AbortSignal, response: ServerResponse, reply: NoReply): Promise<void> {
  switch (reply.ending) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'cut':
      response.destroy();
      return;
    case 'hang':
      // Without a time the client has to give up, or the sandbox to close.
      if (reply.cutAfterMs === undefined) return;
      await clock.sleep(reply.cutAfterMs, stopping);
      response.destroy();
  }
}

function bodyOf({ json, bytes, text = '' }: Answer): Buffer {
  if (json !== undefined) return Buffer.from(JSON.stringify(json));
  return Buffer.from(bytes ?? text);
}

const typeOf = ({ json, contentType }: Answer): string =>
  contentType ?? (json === undefined ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8');

/** Content-Length was of the whole. */
function cutShort(response: ServerResponse, body: Buffer, bytes = Math.floor(body.length / 2)): void {
  const sent = body.subarray(0, Math.min(bytes, Math.max(0, body.length - 1)));
  response.flushHeaders();
  response.write(sent, () => response.destroy());
}

async function dribble(
  clock: Clock,
  stopping: AbortSignal,
  response: ServerResponse,
  body: Buffer,
  { bytes, pauseMs }: { readonly bytes: number; readonly pauseMs: number },
): Promise<void> {
  for (let sent = 0; sent < body.length && !response.destroyed && !stopping.aborted; sent += bytes) {
    response.write(body.subarray(sent, sent + bytes));
    await clock.sleep(pauseMs, stopping);
  }
  response.end();
}
