import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../test/database.ts';
import { ALL_ROLES, createToken, ROLES, type Role } from '../access/index.ts';
import { objectOf, parseStored } from '../base/json.ts';
import { recordStream } from '../log/index.ts';
import { testRoutePorts } from '../../test/route-ports.ts';
import { TEST_MASTER_KEY } from '../../test/setup-database.ts';
import { insertTenant } from '../tenants/index.ts';
import { createApp } from './index.ts';
import type { RoutePorts } from './rest/ports.ts';
import type { ApiRoute } from './route.ts';
import { apiRoutes } from './routes.ts';

const NOW = Date.UTC(2026, 10, 27, 12);
let test: TestDatabase;
let app: FastifyInstance;
let ports: RoutePorts;
let routes: readonly ApiRoute[];
/** Everything that was logged. */
const logged: string[] = [];
const tenants = new Map<string, string>();
/** A token of each role: of the tenant `one`, and of the installation. */
const tokens = new Map<Role, string>();
let foreign: string;

beforeAll(async () => {
  test = await testDatabase();
  const { database } = test;
  for (const name of ['one', 'two']) {
    const tenantId = randomUUID();
    tenants.set(name, tenantId);
    await database.withTenant(tenantId, (tx) => insertTenant(tx, name, NOW));
  }
  ports = testRoutePorts({ database, masterKey: TEST_MASTER_KEY, now: NOW });
  routes = apiRoutes(ports);
  app = await createApp({
    logger: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    intake: undefined,
    publicUrl: undefined,
    ready: () => Promise.resolve(),
    health: () => Promise.resolve({}),
    routes: ports,
  });
  for (const role of ALL_ROLES) tokens.set(role, await tokenFor('one', role));
  foreign = await tokenFor('two', 'owner');
});
afterAll(async () => {
  await app.close();
  await test.drop();
});

async function tokenFor(tenant: string, role: Role, scopes: readonly string[] | null = null): Promise<string> {
  const tenantId = role === 'admin' ? null : (tenants.get(tenant) ?? '');
  const given = { tokenId: randomUUID(), tenantId, name: role, role, scopes, expiresAt: null };
  return (await createToken(test.database.directory, given, NOW)).reveal();
}

interface Asked {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly code: unknown;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

async function ask(
  method: ApiRoute['method'],
  path: string,
  { token, body, headers = {} }: Asked = {},
): Promise<Answer> {
  const answer = await app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  const parsed = answer.body === '' ? {} : objectOf(parseStored(answer.body));
  return { status: answer.statusCode, code: parsed['code'], body: parsed, text: answer.body };
}

const tokenOf = (role: Role): string => tokens.get(role) ?? '';
const pathOf = ({ path }: ApiRoute): string =>
  path
    .replace(':name', 'one')
    .replace(':kind', 'asset')
    .replace(':recordId', '7')
    .replace(/:\w+Id/, randomUUID());

describe('who may call what', () => {
  it('is settled for every route and role by the registry alone: nobody without a token, no role without the scope', async () => {
    expect(routes.length).toBeGreaterThan(8);
    for (const one of routes) {
      const about = `${one.method} ${one.path}`;
      const path = pathOf(one);
      expect([about, (await ask(one.method, path)).code]).toEqual([about, 'unauthenticated']);
      for (const role of ALL_ROLES) {
        const { status, code } = await ask(one.method, path, {
          token: tokenOf(role),
          headers: role === 'admin' ? { 'millwright-tenant': 'one' } : {},
        });
        const scopes: readonly string[] = ROLES[role];
        const may =
          (one.scope === null || scopes.includes(one.scope)) && (one.reach !== 'installation' || role === 'admin');
        const said = code === 'forbidden' || code === 'unauthenticated' ? `${status} ${code}` : 'may';
        expect([about, role, said]).toEqual([about, role, may ? 'may' : '403 forbidden']);
      }
    }
  });

  it('answers every wrong token alike, and never says why', async () => {
    const wrong = ['', 'x', tokenOf('viewer').slice(0, -2), `mw_${'a'.repeat(43)}`, 'x'.repeat(5_000)];
    const answers = await Promise.all(wrong.map((token) => ask('GET', '/me', { token })));
    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body['detail'])}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('lets an administrator act for a tenant that it names, and nobody else name one', async () => {
    const token = tokenOf('admin');
    expect(await ask('GET', '/events', { token })).toMatchObject({ status: 400, code: 'request-invalid' });
    expect(await ask('GET', '/events', { token, headers: { 'millwright-tenant': 'one' } })).toMatchObject({
      status: 200,
    });
    const unknown = await ask('GET', '/events', { token, headers: { 'millwright-tenant': 'none' } });
    expect(unknown).toMatchObject({ status: 404, code: 'tenant-unknown' });
    for (const name of ['one', 'two', 'none']) {
      const named = await ask('GET', '/events', { token: tokenOf('owner'), headers: { 'millwright-tenant': name } });
      expect(named).toMatchObject({ status: 403, code: 'forbidden' });
    }
  });
});

describe('tokens', () => {
  it('are made, shown once, listed without themselves, and ended at once', async () => {
    const token = tokenOf('owner');
    const made = await ask('POST', '/tokens', { token, body: { name: 'BI', role: 'viewer' } });
    expect(made.status).toBe(201);
    const given = String(made.body['token']);
    expect(await ask('GET', '/me', { token: given })).toMatchObject({
      status: 200,
      body: { name: 'BI', role: 'viewer' },
    });
    const list = await ask('GET', '/tokens', { token });
    expect(list.text).toContain(String(made.body['tokenId']));
    expect(list.text).not.toContain(given.slice(3));
    expect((await ask('DELETE', `/tokens/${String(made.body['tokenId'])}`, { token })).status).toBe(204);
    expect(await ask('GET', '/me', { token: given })).toMatchObject({ status: 401 });
  });

  it('of another tenant are as unknown as those that nobody has', async () => {
    const made = await ask('POST', '/tokens', { token: foreign, body: { name: 'theirs', role: 'viewer' } });
    const answers = [String(made.body['tokenId']), randomUUID()].map((id) =>
      ask('DELETE', `/tokens/${id}`, { token: tokenOf('owner') }),
    );
    const [theirs, nobodys] = (await Promise.all(answers)).map(({ status, body }) => ({
      ...body,
      status,
      requestId: 0,
    }));
    expect(theirs).toEqual(nobodys);
    expect(await ask('GET', '/me', { token: String(made.body['token']) })).toMatchObject({ status: 200 });
  });

  it('cannot give what they have not got', async () => {
    const narrow = await tokenFor('one', 'owner', ['tokens:write', 'records:read']);
    const body = { name: 'wider', role: 'owner' };
    expect(await ask('POST', '/tokens', { token: narrow, body })).toMatchObject({ status: 403, code: 'forbidden' });
    const asNarrow = { ...body, scopes: ['records:read'] };
    expect((await ask('POST', '/tokens', { token: narrow, body: asNarrow })).status).toBe(201);
    const admin = { name: 'root', role: 'admin' };
    expect((await ask('POST', '/tokens', { token: tokenOf('owner'), body: admin })).status).toBe(403);
  });
});

describe('requests', () => {
  it('that are wrong say where and why, and no more', async () => {
    const token = tokenOf('owner');
    const post = (body: unknown): Promise<Answer> => ask('POST', '/tokens', { token, body });
    expect((await post({ name: 'x', role: 'viewer', tenantId: 'y' })).body['detail']).toBe(
      'body has no field "tenantId"',
    );
    expect((await post({ name: 7, role: 'viewer' })).body['detail']).toContain('body/name must be string');
    expect((await post({ name: 'x', role: 'king' })).code).toBe('request-invalid');
    expect((await post({ name: 'x', role: 'viewer', expiresAt: 'soon' })).code).toBe('request-invalid');
    expect((await ask('GET', '/events?limit=0', { token })).code).toBe('request-invalid');
    expect((await ask('GET', '/events?cursor=nonsense', { token })).code).toBe('request-invalid');
    expect((await ask('DELETE', '/tokens/7', { token })).code).toBe('request-invalid');
    expect((await ask('GET', '/nothing', { token })).code).toBe('not-found');
  });

  it('never bring a secret into an answer or a log', async () => {
    const secret = `canary-${randomUUID()}`;
    const body = { name: 'three', apiKey: secret };
    const refused = await ask('POST', '/tenants', { token: tokenOf('admin'), body });
    expect(refused).toMatchObject({ status: 400, code: 'request-invalid' });
    await ask('POST', '/tenants', { token: tokenOf('admin'), body: { ...body, name: 'NOT A NAME' } });
    expect([refused.text, ...logged].join('\n')).not.toContain(secret);
    for (const token of tokens.values()) expect(logged.join('\n')).not.toContain(token);
  });
});

it('gives the log page by page, each event once, and goes on with what comes later', async () => {
  const tenantId = tenants.get('two') ?? '';
  const append = (count: number): Promise<unknown> =>
    ports.store.transact(tenantId, (tx) =>
      tx.log.append(
        Array.from({ length: count }, () => ({
          eventId: randomUUID(),
          stream: recordStream('asset', '1', '7'),
          version: null,
          family: 'fact' as const,
          type: 'asset.created',
          occurredAt: NOW,
          recordedAt: NOW,
          data: '{"name":"Pump"}',
          actor: null,
          factKey: null,
          explainedBy: [],
        })),
      ),
    );
  await append(7);
  const seen: unknown[] = [];
  let cursor = '';
  const read = async (): Promise<void> => {
    for (;;) {
      const page = await ask('GET', `/events?limit=3${cursor}`, { token: foreign });
      const items = page.body['items'] as readonly { readonly seq: number; readonly data: unknown }[];
      seen.push(...items.map(({ seq }) => seq));
      cursor = `&cursor=${String(page.body['nextCursor'])}`;
      if (items.length < 3) return;
      expect(items[0]?.data).toEqual({ name: 'Pump' });
    }
  };
  await read();
  await append(2);
  await read();
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect((await ask('GET', '/events', { token: tokenOf('viewer') })).body['items']).toEqual([]);
});

it('describes every route in an OpenAPI 3.1 document, and shows it', async () => {
  const document = objectOf(parseStored((await app.inject('/openapi.json')).body));
  expect(document['openapi']).toBe('3.1.0');
  const paths = objectOf(document['paths']);
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(objectOf(methods)).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const wanted = routes.map(({ method, path }) => `${method} /api/v1${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(described.toSorted()).toEqual(wanted.toSorted());
  const page = await app.inject('/docs/');
  expect([page.statusCode, page.headers['content-security-policy']]).toEqual([
    200,
    expect.stringContaining("connect-src 'self'"),
  ]);
});
