import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Exchange } from './exchange.ts';

/** A proxy on loopback that passes bytes through unchanged and keeps every exchange. */
export interface Recorder extends AsyncDisposable {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
}

/** Before `target`, the origin of a server on this machine. */
export function startRecorder(target: string, port = 0): Promise<Recorder> {
  const exchanges: Exchange[] = [];
  const agent = new Agent({ keepAlive: true });
  const server = createServer((message, response) => {
    pass(target, agent, message, response)
      .then((exchange) => exchanges.push(exchange))
      // As if the other side had hung up on the asker himself.
      .catch(() => response.destroy());
  });
  return listening(server, port, exchanges, () => agent.destroy());
}

/** A receiver of webhooks that answers 200 and keeps what came. */
export function startReceiver(): Promise<Recorder> {
  const exchanges: Exchange[] = [];
  const server = createServer((message, response) => {
    void (async () => {
      exchanges.push(exchangeOf(message, await bytesOf(message), 200, {}, Buffer.alloc(0)));
      response.writeHead(200).end();
    })();
  });
  return listening(server, 0, exchanges, () => undefined);
}

async function pass(target: string, agent: Agent, asked: IncomingMessage, response: ServerResponse): Promise<Exchange> {
  const body = await bytesOf(asked);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method: asked.method, headers: asked.headers, agent };
    // The path is joined as text: a URL would tidy it up, and nothing must change on the way.
    const onward = request(`${target}${asked.url ?? '/'}`, options, resolve);
    onward.on('error', reject);
    onward.end(body);
  });
  const answerBody = await bytesOf(answer);
  const status = answer.statusCode ?? 502;
  response.writeHead(status, answer.rawHeaders).end(answerBody);
  return exchangeOf(asked, body, status, answer.headers, answerBody);
}

function exchangeOf(
  asked: IncomingMessage,
  requestBody: Buffer,
  status: number,
  answerHeaders: Exchange['answerHeaders'],
  answerBody: Buffer,
): Exchange {
  const { method = 'GET', url: target = '/', headers: requestHeaders } = asked;
  return { method, target, requestHeaders, requestBody, status, answerHeaders, answerBody };
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  message.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve, reject) => {
    message.on('end', resolve);
    message.on('error', reject);
  });
  return Buffer.concat(chunks);
}

async function listening(
  server: Server,
  port: number,
  exchanges: readonly Exchange[],
  close: () => void,
): Promise<Recorder> {
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    exchanges,
    [Symbol.asyncDispose]: async () => {
      close();
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
