import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { noRoute, Refused, refusalAnswer, type Answer } from './answer.ts';
import { CONTROL_PATH, controlAnswer } from './control.ts';
import { callerOf } from './gate.ts';
import { isYes } from './query.ts';
import { readBytes } from './request.ts';
import { answerOf } from './routes.ts';
import type { World } from '../world.ts';

/** Requests without a valid key are not counted, but their answers carry the headers too. */
const NOBODY = 'nobody';

interface Reply {
  readonly answer: Answer;
  readonly headers: Readonly<Record<string, string>>;
}

/** The HTTP server: API and control API. */
export function serverOf(world: World): Server {
  return createServer({ keepAliveTimeout: 65_000 }, (message, response) => {
    readBytes(message)
      .then((bytes) => replyTo(world, message, bytes))
      .catch((error: unknown) => ({ answer: { status: 500, json: { error: String(error) } }, headers: {} }))
      .then((reply) => send(world, response, reply))
      .catch(() => response.destroy());
  });
}

function replyTo(world: World, message: IncomingMessage, bytes: Uint8Array): Reply {
  const method = message.method ?? 'GET';
  const url = new URL(message.url ?? '/', 'http://sandbox');
  if (url.pathname.startsWith(`${CONTROL_PATH}/`))
    return { answer: settled(() => controlAnswer(world, method, url, bytes)), headers: {} };
  // FACTS 2.1: the list of versions stands beside /v1 and needs no key; the specification also has it inside.
  if (method === 'GET' && /^(\/v1)?\/versions$/.test(url.pathname))
    return { answer: { status: 200, json: [{ version: 'v1' }] }, headers: {} };
  if (!url.pathname.startsWith('/v1/')) return { answer: noRoute(method, url.pathname), headers: {} };
  return apiReply(world, message, method, url, bytes);
}

function apiReply(world: World, message: IncomingMessage, method: string, url: URL, bytes: Uint8Array): Reply {
  world.requests.count++;
  const { plant, gate, apiKey, integrationUserId } = world;
  const caller = callerOf(plant, message.headers, apiKey, integrationUserId);
  if ('refused' in caller) return { answer: caller.refused, headers: gate.headers(NOBODY) };
  const user = String(caller.userId);
  const tooMany = gate.enter(user);
  const headers = gate.headers(user);
  if (tooMany !== undefined) return { answer: tooMany, headers };
  const act = { userId: caller.userId, quiet: isYes(url.searchParams.get('skipWebhook')) };
  const answer = settled(() => answerOf(world, { method, path: url.pathname, query: url.searchParams, bytes, act }));
  return { answer, headers };
}

function settled(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refused) return refusalAnswer(error);
    throw error;
  }
}

function send(world: World, response: ServerResponse, { answer, headers }: Reply): void {
  const body = answer.json === undefined ? (answer.text ?? '') : JSON.stringify(answer.json);
  const type = answer.json === undefined ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  response.writeHead(answer.status, {
    ...headers,
    // By the sandbox's clock, which may be another one than the machine's.
    Date: new Date(world.plant.clock.now()).toUTCString(),
    ...(answer.status === 204
      ? {}
      : { 'Content-Type': answer.contentType ?? type, 'Content-Length': Buffer.byteLength(body) }),
  });
  response.end(answer.status === 204 ? undefined : body);
}
