import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { openSandbox, type Client } from '../testing.ts';

interface Raw {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** HTTP without fetch's help. */
function raw(client: Client, method: string, path: string, body = '', agent?: Agent): Promise<Raw> {
  const headers = { authorization: `Bearer ${client.sandbox.apiKey}`, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const asked = httpRequest(
      `${client.sandbox.url}${path}`,
      { method, headers, ...(agent ? { agent } : {}) },
      (got) => {
        const chunks: Buffer[] = [];
        got.on('data', (chunk: Buffer) => chunks.push(chunk));
        got.on('end', () =>
          resolve({ status: got.statusCode ?? 0, headers: got.headers, text: Buffer.concat(chunks).toString('utf8') }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

test('JSON of more than a megabyte is refused with 413', async () => {
  await using client = await openSandbox();
  const body = (length: number): string => JSON.stringify({ title: 'Long', description: 'x'.repeat(length) });
  const tooLarge = await raw(client, 'POST', '/workorders', body(1_048_576));
  expect([tooLarge.status, tooLarge.text]).toEqual([413, '{"error":"request entity too large"}']);
  expect((await raw(client, 'POST', '/workorders', body(1_000_000))).status).not.toBe(413);
});

test('text that is no JSON is refused with 400', async () => {
  await using client = await openSandbox();
  const refused = await raw(client, 'POST', '/workorders', '{"title": "Half');
  expect([refused.status, refused.text]).toEqual([400, '{"errors":[{"error":"Invalid JSON in request body"}]}']);
});

test('HEAD is GET without the body, OPTIONS tells the methods', async () => {
  await using client = await openSandbox();
  const [got, head] = [await raw(client, 'GET', '/teams'), await raw(client, 'HEAD', '/teams')];
  expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', got.headers['content-length']]);
  const options = await raw(client, 'OPTIONS', '/workorders');
  expect([options.status, options.headers.allow]).toEqual([200, 'GET,HEAD,POST']);
  expect((await raw(client, 'OPTIONS', '/nothing')).status).toBe(404);
});

test('one connection serves many requests', async () => {
  await using client = await openSandbox();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<string>();
  for (let count = 0; count < 5; count++) {
    const { headers } = await raw(client, 'GET', '/teams', '', agent);
    sockets.add(String(headers.connection));
  }
  const open = [...Object.values(agent.freeSockets), ...Object.values(agent.sockets)].flat().length;
  agent.destroy();
  expect([[...sockets], open]).toEqual([['keep-alive'], 1]);
});

/** Writes the request in pieces, with a pause between them; null hangs up. */
async function inPieces(client: Client, pieces: readonly (string | null)[]): Promise<string> {
  const { hostname, port } = new URL(client.sandbox.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  socket.on('error', () => undefined);
  const isClosed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (const piece of pieces) {
    if (piece === null) socket.destroy();
    else socket.write(piece);
    await new Promise((resolve) => void setTimeout(resolve, 30));
  }
  await isClosed;
  return text;
}

const post = (client: Client, length: number): string =>
  `POST /v1/vendors HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${client.sandbox.apiKey}\r\n` +
  `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

test('a client may be slow', async () => {
  await using client = await openSandbox();
  const text = await inPieces(client, [post(client, 15), '{"name":', '"Slow"', '}']);
  expect(text).toMatch(/^HTTP\/1\.1 201 Created/);
});

test('a request that breaks off is not executed, and the sandbox goes on', async () => {
  await using client = await openSandbox();
  const before = client.sandbox.stats().records.vendor;
  await inPieces(client, [post(client, 500), '{"name":"Broken off"}', null]);
  expect((await client.get('/vendors?limit=1')).status).toBe(200);
  expect(client.sandbox.stats().records.vendor).toBe(before);
});
