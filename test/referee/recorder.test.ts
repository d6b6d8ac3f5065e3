import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeDelivery, subscriptionsIn } from './deliveries.ts';
import { documentOf } from './document.ts';
import type { Exchange } from './exchange.ts';
import { Judge } from './judge.ts';
import { startReceiver, startRecorder } from './recorder.ts';

/** Tells what it was asked, byte for byte, under two headers of the same name. */
const server = createServer((message, response) => {
  void (async () => {
    const body = await bytesOf(message);
    response.writeHead(418, ['set-cookie', 'a', 'set-cookie', 'b', 'x-target', message.url ?? '']).end(body);
  })();
});

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  message.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(message, 'end');
  return Buffer.concat(chunks);
}

let origin = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('the recorder', () => {
  it('passes bytes, paths and repeated headers through as they are, and keeps the exchange', async () => {
    await using recorder = await startRecorder(origin);
    const bytes = Buffer.from([0, 255, 128, 10, 13]);
    const answer = await fetch(`${recorder.url}/v1/a%2Fb?x=1&x=2`, { method: 'PUT', body: bytes });
    expect(answer.status).toBe(418);
    expect(answer.headers.getSetCookie()).toEqual(['a', 'b']);
    expect(answer.headers.get('x-target')).toBe('/v1/a%2Fb?x=1&x=2');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
    expect(recorder.exchanges).toMatchObject([
      { method: 'PUT', target: '/v1/a%2Fb?x=1&x=2', requestBody: bytes, status: 418, answerBody: bytes },
    ]);
  });
});

describe('deliveries', () => {
  const schema = { type: 'object', required: ['pumpId'], properties: { pumpId: { type: 'number' } } };
  const hook = { post: { requestBody: { content: { 'application/json': { schema } } } } };
  const judge = new Judge(documentOf({ 'x-webhooks': { PUMP_FAILED: hook } }));
  const body = '{"pumpId":1}';
  const sign = (secret: string): string =>
    `t=1789390999,v1=${createHmac('sha256', secret).update(`1789390999.${body}`).digest('hex')}`;

  async function judged(signature: string | undefined): Promise<readonly string[]> {
    await using receiver = await startReceiver();
    const url = `${receiver.url}/one`;
    const headers = signature === undefined ? {} : { 'x-maintainx-webhook-body-signature': signature };
    await fetch(url, { method: 'POST', body, headers });
    const subscribed: Exchange = {
      method: 'POST',
      target: '/v1/subscriptions',
      requestHeaders: {},
      requestBody: Buffer.from(JSON.stringify({ type: 'PUMP_FAILED', url })),
      status: 201,
      answerHeaders: {},
      answerBody: Buffer.from(JSON.stringify({ id: 1, secret: 'mx_1' })),
    };
    const subscriptions = subscriptionsIn([subscribed]);
    return receiver.exchanges.flatMap((delivery) =>
      (judgeDelivery(judge, subscriptions, delivery)?.verdict.violations ?? []).map(({ message }) => message),
    );
  }

  it.each([
    ['are good when they are signed with their secret', sign('mx_1'), []],
    ['are caught when they are signed with another', sign('mx_2'), ['is not of this body and secret']],
    ['are caught without a signature', undefined, ['is missing']],
    ['are caught with a signature of another form', 'sha256=00', ['is not t=…,v1=…: sha256=00']],
  ])('%s', async (_, signature, complaints) => {
    expect(await judged(signature)).toEqual(complaints);
  });
});
