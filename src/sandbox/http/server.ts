import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Realm } from '../realm.ts';
import type { Answer } from './answer.ts';
import { apiReply, settled, type NoReply, type Reply } from './api.ts';
import { noRoute } from './answer.ts';
import { CONTROL_PATH, controlAnswer } from './control.ts';
import { fileAt } from './files.ts';
import { readBytes } from './request.ts';
import { transmit } from './transmit.ts';

/** The HTTP server: API and control API. */
export function serverOf(realm: Realm): Server {
  return createServer({ keepAliveTimeout: 65_000 }, (message, response) => {
    readBytes(message)
      .then(
        (bytes) => replyTo(realm, message, bytes).catch(mishap),
        // The client hung up in the middle of its request: nothing is done, and nobody is there to be told.
        () => ({ ending: 'cut' }) satisfies NoReply,
      )
      .then((reply) => transmit(realm.ground, message, response, reply))
      .catch(() => response.destroy());
  });
}

const mishap = (error: unknown): Reply => ({ answer: { status: 500, json: { error: String(error) } }, headers: {} });
const plain = (answer: Answer): Reply => ({ answer, headers: {} });

async function replyTo(realm: Realm, message: IncomingMessage, bytes: Uint8Array): Promise<Reply | NoReply> {
  const method = message.method ?? 'GET';
  const address = `http://sandbox${message.url ?? '/'}`;
  if (!URL.canParse(address)) return plain({ status: 400, text: 'Bad Request' });
  const url = new URL(address);
  if (url.pathname.startsWith(`${CONTROL_PATH}/`))
    return plain(settled(() => controlAnswer(realm, method, url, bytes)));
  // FACTS 2.1: the list of versions stands beside /v1 and needs no key; the specification also has it inside.
  if (method === 'GET' && /^(\/v1)?\/versions$/.test(url.pathname))
    return plain({ status: 200, json: [{ version: 'v1' }] });
  const file = method === 'GET' ? fileAt(realm, url) : undefined;
  if (file !== undefined) return plain(file);
  if (!url.pathname.startsWith('/v1/')) return plain(noRoute(method, url.pathname));
  return apiReply(realm, { method, url, headers: message.headers, bytes });
}
