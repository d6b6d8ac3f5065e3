import { systemClock, type Clock } from '../base/clock.ts';
import { isObject, objectOf, type Json, type JsonObject } from '../base/json.ts';
import { systemRandom, type Random } from '../base/random.ts';
import { Secret } from '../base/secret.ts';
import type { Content } from './call-check.ts';
import {
  kindEntry,
  type Creates,
  type HookEvent,
  type Kind,
  type Rows,
  type Singles,
  type Updates,
} from './catalogue/index.ts';
import { download, type DownloadedFile, type DownloadOptions } from './download.ts';
import { raiseMaintainx } from './errors.ts';
import { undiciHttp, type Http } from './http.ts';
import type { RateLimits } from './limits.ts';
import { callOperation, pagesOf, preparedCall } from './operation-call.ts';
import {
  operationAt,
  type Answer,
  type CallArguments,
  type ListName,
  type OperationName,
  type RowOf,
} from './operations.ts';
import { cursorOf, follow, type Page } from './paging.ts';
import type { QuotaLane } from './quota.ts';
import { pairsOf, send, type Call, type Connection, type Gate, type Query, type Reply } from './transport.ts';

export interface ClientOptions {
  /** With `/v1`, without a slash at the end; default MaintainX's own. */
  readonly baseUrl?: string;
  readonly apiKey: Secret | string;
  /** Sent as `x-organization-id`; only keys of several organisations need and bear it (FACTS 2.1). */
  readonly organizationId?: string | undefined;
  /** Default: `undiciHttp()`. */
  readonly http?: Http;
  readonly gate?: Gate;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Deadline of one request in milliseconds; default 20,000. */
  readonly timeoutMs?: number;
  /** Which lane this client's requests wait in; default `person`. */
  readonly lane?: QuotaLane;
  /** Tries of a read that fails for a passing reason; default 3. */
  readonly readTries?: number;
  /** Aborted: waiting and tries end. */
  readonly signal?: AbortSignal;
}

export interface ListOptions {
  /** Rows a page, 1 to 200; default 200. */
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly sort?: string | undefined;
  readonly updatedSince?: number | undefined;
  /** Default: all that the catalogue sends for the kind. */
  readonly expand?: readonly string[];
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
  /** Any operation of the API by its name. What does not fit it, and what would spring a trap, is not sent. */
  call<Name extends OperationName>(name: Name, ...input: CallArguments<Name>): Promise<Answer<Name>>;
  /** All pages of any list by its operation's name, 200 rows a page; ends with an error when MaintainX repeats a cursor. */
  pagesOf<Name extends ListName>(name: Name, ...input: CallArguments<Name>): AsyncGenerator<Page<RowOf<Name>>>;
  /** The file behind a pre-signed link; the key is not sent along. */
  download(link: string, options?: DownloadOptions): Promise<DownloadedFile>;
  /** What the last answer told of the rate limit; undefined before the first that told. */
  limits(): RateLimits | undefined;
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

const MAINTAINX_URL = 'https://api.getmaintainx.com/v1';

/** A client for one key. */
export function createClient(options: ClientOptions): MaintainxClient {
  const { apiKey } = options;
  return clientOver({
    baseUrl: options.baseUrl ?? MAINTAINX_URL,
    apiKey: typeof apiKey === 'string' ? new Secret(apiKey) : apiKey,
    organizationId: options.organizationId,
    http: options.http ?? undiciHttp(options.signal === undefined ? {} : { signal: options.signal }),
    gate: options.gate,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    timeoutMs: options.timeoutMs ?? 20_000,
    lane: options.lane ?? 'person',
    readTries: options.readTries ?? 3,
    signal: options.signal,
    told: { limits: undefined },
  });
}

function clientOver(connection: Connection): MaintainxClient {
  return {
    call: (name, ...[input]) => callOperation(connection, name, input),
    pagesOf: (name, ...[input]) => pagesOf(connection, name, input),
    download: (link, options) => download(connection, link, options),
    limits: () => connection.told.limits,
    ...recordsOver(connection),
    ...subscriptionsOver(connection),
    organizations: async () => {
      const { body } = await request(connection, 'GET', '/organizations');
      return arrayOf(body['organizations']).map((one) => ({
        id: idOf(one, 'organization'),
        name: textOf(one['name']),
      }));
    },
    inLane: (lane, readTries = connection.readTries) => clientOver({ ...connection, lane, readTries }),
  };
}

/** What the engine asks of every kind alike. */
function recordsOver(
  connection: Connection,
): Pick<MaintainxClient, 'list' | 'pages' | 'get' | 'create' | 'update' | 'remove'> {
  const list = async <K extends Kind>(kind: K, options: ListOptions = {}): Promise<Page<Received<Rows[K]>>> =>
    pageOf(kind, await request(connection, 'GET', kindEntry(kind).path, listQuery(kind, options)));
  return {
    list,
    pages: (kind, options = {}) =>
      follow((cursor) => list(kind, { ...options, cursor }), `GET ${kindEntry(kind).path}`, options.cursor),
    get: async (kind, id) => {
      const { path, singleKey, get } = kindEntry(kind);
      const { body } = await request(connection, 'GET', `${path}/${encodeURIComponent(id)}`, { expand: get.expand });
      const record = body[singleKey];
      if (!isObject(record)) throw unreadable(`GET ${path}/{id}`, `no "${singleKey}"`);
      if (idOf(record, kind) !== id) throw unreadable(`GET ${path}/{id}`, 'another record');
      return record as Received<Singles[typeof kind]>;
    },
    create: async (kind, body) => {
      const name = operationAt('POST', kindEntry(kind).path);
      return idOf((await send(connection, preparedCall(connection, name, { body }))).body, kind);
    },
    update: async (kind, id, body) => {
      const { path, singleKey } = kindEntry(kind);
      const call = preparedCall(connection, operationAt('PATCH', `${path}/{id}`), { path: { id }, body });
      return objectOf((await send(connection, call)).body[singleKey]);
    },
    remove: async (kind, id) =>
      void (await request(connection, 'DELETE', `${kindEntry(kind).path}/${encodeURIComponent(id)}`)),
  };
}

function subscriptionsOver(
  connection: Connection,
): Pick<MaintainxClient, 'subscribe' | 'subscription' | 'subscriptionSecret' | 'unsubscribe'> {
  return {
    subscribe: async (type, url) => {
      const content: Content = { type: 'application/json', data: JSON.stringify({ type, url }) };
      const { body } = await request(connection, 'POST', '/subscriptions', {}, content);
      const secret = textOf(body['secret']);
      return {
        id: idOf(body, 'subscription'),
        status: textOf(body['status']),
        secret: secret === '' ? null : new Secret(secret),
      };
    },
    subscription: async (id) => {
      const { body } = await request(connection, 'GET', `/subscriptions/${encodeURIComponent(id)}`);
      return { id, status: textOf(body['status']) };
    },
    subscriptionSecret: async (id) => {
      const { body } = await request(connection, 'GET', `/subscriptions/${encodeURIComponent(id)}/secret`);
      const secret = textOf(body['secret']);
      if (secret === '') throw unreadable('GET /subscriptions/{id}/secret', 'no secret');
      return new Secret(secret);
    },
    unsubscribe: async (id) => void (await request(connection, 'DELETE', `/subscriptions/${encodeURIComponent(id)}`)),
  };
}

function request(
  connection: Connection,
  method: Call['method'],
  path: string,
  query: Query = {},
  content?: Content,
): Promise<Reply> {
  const what = `${method} ${path.replaceAll(/\/\d+/g, '/{id}')}`;
  return send(connection, { method, path, query: pairsOf(query), content, what });
}

function listQuery(kind: Kind, list: ListOptions): Query {
  const entry = kindEntry(kind);
  const { limit = 200 } = list;
  // FACTS 2.3: MaintainX refuses the page.
  if (!Number.isInteger(limit) || limit < 1 || limit > 200)
    throw raiseMaintainx('maintainx-call-invalid', `a page has 1 to 200 rows, not ${limit}`);
  return {
    ...entry.listQuery,
    limit: String(limit),
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

const arrayOf = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function idOf(body: JsonObject, what: string): string {
  const id = body['id'];
  if (typeof id !== 'number' && typeof id !== 'string') throw unreadable(`the answer for a ${what}`, 'no id');
  return String(id);
}

const unreadable = (what: string, why: string): Error =>
  raiseMaintainx('maintainx-unreadable', `${what} answered 2xx with ${why}`);
