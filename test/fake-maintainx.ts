import { createServer, type IncomingMessage, type Server } from 'node:http';
import { kindEntry, KINDS, LISTED_KINDS, type Kind } from '../src/maintainx/index.ts';

/** An answer of the fake; text is sent as it is. */
export interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A MaintainX that lies on demand, for trouble that the sandbox does not make. */
export interface FakeMaintainx {
  readonly url: string;
  /** Records by kind; lists and single GETs tell them as they are. */
  readonly records: Map<Kind, Record<string, unknown>[]>;
  /** Answers instead of the usual one when it returns something. */
  lie: (method: string, path: string, query: URLSearchParams, body: string) => FakeAnswer | undefined;
  /** `GET /assets` and so on, in order. */
  readonly calls: string[];
  readonly subscriptions: { readonly type: string; readonly url: string }[];
  close(): Promise<void>;
}

export async function startFake(): Promise<FakeMaintainx> {
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const url = new URL(request.url ?? '/', 'http://fake');
      const path = url.pathname.replace('/v1', '');
      const method = request.method ?? 'GET';
      fake.calls.push(`${method} ${path}`);
      const answer = fake.lie(method, path, url.searchParams, body) ?? usual(fake, method, path, body);
      response.statusCode = answer.status;
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeMaintainx = {
    url: `http://127.0.0.1:${portOf(server)}/v1`,
    records: new Map(KINDS.map((kind) => [kind, []])),
    lie: () => undefined,
    calls: [],
    subscriptions: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

function usual(fake: FakeMaintainx, method: string, path: string, body: string): FakeAnswer {
  if (path === '/organizations') return { status: 200, body: { organizations: [{ id: 1, name: 'Fake' }] } };
  if (method === 'POST' && path === '/subscriptions') return subscribed(fake, body);
  if (/^\/subscriptions\/\d+\/secret$/.test(path)) return { status: 200, body: { secret: 'mx_fake' } };
  if (/^\/subscriptions\/\d+$/.test(path)) return { status: 200, body: { subscription: { id: 1, status: 'VALID' } } };
  const [, segment, id] = path.split('/');
  // The one list that comes as a bare array.
  if (segment === 'customfields') return { status: 200, body: [] };
  const kind = LISTED_KINDS.find((one) => kindEntry(one).path === `/${segment}`);
  const records = kind === undefined ? undefined : fake.records.get(kind);
  if (kind === undefined || records === undefined) return { status: 404, body: `Cannot ${method} ${path}` };
  if (id === undefined) return { status: 200, body: { [kindEntry(kind).listKey]: records, nextCursor: null } };
  const record = records.find((one) => one['id'] === Number(id));
  return record === undefined
    ? { status: 404, body: { error: 'Not Found.' } }
    : { status: 200, body: { [kindEntry(kind).singleKey ?? 'record']: record } };
}

function subscribed(fake: FakeMaintainx, body: string): FakeAnswer {
  fake.subscriptions.push(JSON.parse(body) as { type: string; url: string });
  return { status: 201, body: { id: fake.subscriptions.length, status: 'VALID', secret: 'mx_fake' } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString('utf8');
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
