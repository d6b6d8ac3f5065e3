import { backoff } from '../base/backoff.ts';
import type { Clock } from '../base/clock.ts';
import { isCoded } from '../base/coded-error.ts';
import { isObject, objectOf, type Json, type JsonObject } from '../base/json.ts';
import type { Random } from '../base/random.ts';
import { Secret } from '../base/secret.ts';
import { decode } from './answers.ts';
import {
  kindEntry,
  type Creates,
  type HookEvent,
  type Kind,
  type Rows,
  type Singles,
  type Updates,
} from './catalogue/index.ts';
import { raiseMaintainx } from './errors.ts';
import type { Http, HttpRequest, HttpResponse } from './http.ts';
import type { QuotaLane } from './quota.ts';

/** Lets a request through when the quota allows it; sees every answer. */
export type Gate = (lane: QuotaLane, send: () => Promise<HttpResponse>) => Promise<HttpResponse>;

export interface ClientOptions {
  /** With `/v1`, without a slash at the end. */
  readonly baseUrl: string;
  readonly apiKey: Secret;
  /** Sent as `x-organization-id`; only keys of several organisations need and bear it (FACTS 2.1). */
  readonly organizationId?: string | undefined;
  readonly http: Http;
  readonly gate?: Gate;
  readonly clock: Clock;
  readonly random: Random;
  /** Deadline of one request in milliseconds; default 20,000. */
  readonly timeoutMs?: number;
  /** Which lane this client's requests wait in; default `person`. */
  readonly lane?: QuotaLane;
  /** Tries of a read that fails for a passing reason; default 3. */
  readonly readTries?: number;
  /** Aborted: waiting and tries end. */
  readonly signal?: AbortSignal;
}

/** One query parameter: an array becomes repeated keys (FACTS 2.3). */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface ListOptions {
  /** Rows a page, 1 to 200; default 200. */
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly sort?: string | undefined;
  readonly updatedSince?: number | undefined;
  /** Default: all that the catalogue sends for the kind. */
  readonly expand?: readonly string[];
}

/** A page of a list. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** null: the last page. */
  readonly nextCursor: string | null;
  /** MaintainX's clock when it answered (`Date` header), epoch milliseconds; null without the header. */
  readonly serverTime: number | null;
}

/** A list row or record as it came: typed by the specification, with every field that MaintainX added. */
export type Received<Shape> = Shape & JsonObject;

export interface Organization {
  readonly id: string;
  readonly name: string;
}

export interface CreatedSubscription {
  readonly id: string;
  readonly status: string;
  readonly secret: Secret | null;
}

/** MaintainX, typed. Every failure is a coded error of MAINTAINX_ERRORS; reads are retried, writes only after a 429. */
export interface MaintainxClient {
  list<K extends Kind>(kind: K, options?: ListOptions): Promise<Page<Received<Rows[K]>>>;
  /** All pages from `options.cursor` on; ends with an error when MaintainX repeats a cursor. */
  pages<K extends Kind>(kind: K, options?: ListOptions): AsyncGenerator<Page<Received<Rows[K]>>>;
  get<K extends Kind>(kind: K, id: string): Promise<Received<Singles[K]>>;
  /** The new record's id. */
  create<K extends Kind>(kind: K, body: Creates[K]): Promise<string>;
  update<K extends Kind>(kind: K, id: string, body: Updates[K]): Promise<JsonObject>;
  remove(kind: Kind, id: string): Promise<void>;
  organizations(): Promise<readonly Organization[]>;
  subscribe(type: HookEvent, url: string): Promise<CreatedSubscription>;
  subscription(id: string): Promise<{ readonly id: string; readonly status: string }>;
  subscriptionSecret(id: string): Promise<Secret>;
  unsubscribe(id: string): Promise<void>;
  /** The same client whose requests wait in another lane. */
  inLane(lane: QuotaLane, readTries?: number): MaintainxClient;
}

/** Tries of a read that fails for a passing reason. */
const READ_TRIES = 3;
/** Tries of any request that the rate limit turned away: it was not done, so even a write is safe to repeat. */
const LIMITED_TRIES = 4;

export function createClient(options: ClientOptions): MaintainxClient {
  const call = (method: HttpRequest['method'], path: string, query: Query = {}, body?: unknown): Promise<Reply> =>
    callWithRetries(options, { method, path, query, body });
  const client: MaintainxClient = {
    list: async (kind, list = {}) => pageOf(kind, await call('GET', kindEntry(kind).path, listQuery(kind, list))),
    pages: (kind, list = {}) => pages(client, kind, list),
    get: async (kind, id) => {
      const { path, singleKey, get } = kindEntry(kind);
      const { body } = await call('GET', `${path}/${encodeURIComponent(id)}`, { expand: get.expand });
      const record = body[singleKey];
      if (!isObject(record)) throw unreadable(`GET ${path}/{id}`, `no "${singleKey}"`);
      if (idOf(record, kind) !== id) throw unreadable(`GET ${path}/{id}`, 'another record');
      return record as Received<Singles[typeof kind]>;
    },
    create: async (kind, body) => idOf((await call('POST', kindEntry(kind).path, {}, body)).body, kind),
    update: async (kind, id, body) => {
      const { path, singleKey } = kindEntry(kind);
      const reply = await call('PATCH', `${path}/${encodeURIComponent(id)}`, {}, body);
      return objectOf(reply.body[singleKey]);
    },
    remove: async (kind, id) => void (await call('DELETE', `${kindEntry(kind).path}/${encodeURIComponent(id)}`)),
    organizations: async () => {
      const { body } = await call('GET', '/organizations');
      return arrayOf(body['organizations']).map((one) => ({
        id: idOf(one, 'organization'),
        name: textOf(one['name']),
      }));
    },
    subscribe: async (type, url) => {
      const { body } = await call('POST', '/subscriptions', {}, { type, url });
      const secret = textOf(body['secret']);
      return {
        id: idOf(body, 'subscription'),
        status: textOf(body['status']),
        secret: secret === '' ? null : new Secret(secret),
      };
    },
    subscription: async (id) => {
      const { body } = await call('GET', `/subscriptions/${encodeURIComponent(id)}`);
      return { id, status: textOf(body['status']) };
    },
    subscriptionSecret: async (id) => {
      const { body } = await call('GET', `/subscriptions/${encodeURIComponent(id)}/secret`);
      const secret = textOf(body['secret']);
      if (secret === '') throw unreadable('GET /subscriptions/{id}/secret', 'no secret');
      return new Secret(secret);
    },
    unsubscribe: async (id) => void (await call('DELETE', `/subscriptions/${encodeURIComponent(id)}`)),
    inLane: (lane, readTries = options.readTries ?? READ_TRIES) => createClient({ ...options, lane, readTries }),
  };
  return client;
}

interface Call {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly query: Query;
  readonly body: unknown;
}

interface Reply {
  readonly body: JsonObject;
  readonly serverTime: number | null;
}

async function callWithRetries(options: ClientOptions, call: Call): Promise<Reply> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await callOnce(options, call);
    } catch (error) {
      if (options.signal?.aborted === true || !mayRepeat(options, call, error, attempt + 1)) throw error;
      const limited = isCoded(error, 'maintainx-rate-limited');
      const wait = limited && options.gate === undefined ? Number(error.details['retryAfterMs'] ?? 0) + 1000 : 0;
      await options.clock.sleep(wait + backoff(attempt, options.random, 300, 5_000), options.signal);
    }
  }
}

function mayRepeat(options: ClientOptions, call: Call, error: unknown, tries: number): boolean {
  if (isCoded(error, 'maintainx-rate-limited')) return tries < LIMITED_TRIES;
  return call.method === 'GET' && isCoded(error) && error.retryable && tries < (options.readTries ?? READ_TRIES);
}

async function callOnce(options: ClientOptions, call: Call): Promise<Reply> {
  const what = `${call.method} ${call.path.replaceAll(/\/\d+/g, '/{id}')}`;
  const request = requestOf(options, call);
  const send = (): Promise<HttpResponse> => options.http(request);
  const answer = await (options.gate === undefined ? send() : options.gate(options.lane ?? 'person', send));
  const time = Date.parse(answer.headers['date'] ?? '');
  return { body: decode(answer, what), serverTime: Number.isNaN(time) ? null : time };
}

function requestOf(options: ClientOptions, call: Call): HttpRequest {
  const url = new URL(`${options.baseUrl}${call.path}`);
  for (const [name, value] of Object.entries(call.query))
    for (const one of value === undefined ? [] : [value].flat()) url.searchParams.append(name, one);
  const headers: Record<string, string> = {
    authorization: `Bearer ${options.apiKey.reveal()}`,
    accept: 'application/json',
  };
  if (options.organizationId !== undefined) headers['x-organization-id'] = options.organizationId;
  const base = { method: call.method, url: url.toString(), timeoutMs: options.timeoutMs ?? 20_000 };
  if (call.body === undefined) return { ...base, headers };
  return { ...base, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(call.body) };
}

function listQuery(kind: Kind, list: ListOptions): Query {
  const entry = kindEntry(kind);
  return {
    ...entry.listQuery,
    limit: String(list.limit ?? 200),
    cursor: list.cursor,
    sort: list.sort,
    'updatedAt[gte]': list.updatedSince === undefined ? undefined : new Date(list.updatedSince).toISOString(),
    expand: list.expand ?? entry.list.expand,
  };
}

function pageOf<K extends Kind>(kind: K, reply: Reply): Page<Received<Rows[K]>> {
  const { listKey, path } = kindEntry(kind);
  const rows = reply.body[listKey];
  if (!Array.isArray(rows)) throw unreadable(`GET ${path}`, `no "${listKey}"`);
  return {
    rows: rows.filter(isObject) as Received<Rows[K]>[],
    nextCursor: cursorOf(reply.body),
    serverTime: reply.serverTime,
  };
}

/** `nextCursor`, else the cursor inside `nextPageUrl` (FACTS 2.3). */
function cursorOf(body: JsonObject): string | null {
  const cursor = body['nextCursor'];
  if (typeof cursor === 'string' && cursor !== '') return cursor;
  const next = body['nextPageUrl'];
  if (typeof next !== 'string' || next === '') return null;
  return URL.canParse(next, 'http://host') ? new URL(next, 'http://host').searchParams.get('cursor') : null;
}

async function* pages<K extends Kind>(
  client: MaintainxClient,
  kind: K,
  options: ListOptions,
): AsyncGenerator<Page<Received<Rows[K]>>> {
  const used = new Set<string>();
  let cursor = options.cursor;
  for (;;) {
    const page = await client.list(kind, { ...options, cursor });
    yield page;
    if (page.nextCursor === null) return;
    if (used.has(page.nextCursor)) throw unreadable(`GET ${kindEntry(kind).path}`, 'the same cursor twice');
    used.add(page.nextCursor);
    cursor = page.nextCursor;
  }
}

const arrayOf = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function idOf(body: JsonObject, what: string): string {
  const id = body['id'];
  if (typeof id !== 'number' && typeof id !== 'string') throw unreadable(`the answer for a ${what}`, 'no id');
  return String(id);
}

const unreadable = (what: string, why: string): Error =>
  raiseMaintainx('maintainx-unreadable', `${what} answered 2xx with ${why}`);
