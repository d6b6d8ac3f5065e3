import { isObject, objectOf, type Json, type JsonObject } from '../base/json.ts';
import { Secret } from '../base/secret.ts';
import {
  isKind,
  kindEntry,
  type Creates,
  type HookEvent,
  type Kind,
  type KindEntry,
  type Rows,
  type Singles,
  type Updates,
} from './catalogue/index.ts';
import { connectionOf, type ClientOptions } from './client-options.ts';
import { download, type DownloadedFile, type DownloadOptions } from './download.ts';
import { raiseMaintainx } from './errors.ts';
import type { RateLimits } from './limits.ts';
import { callOperation, exchange, pagesOf } from './operation-call.ts';
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
import type { Connection, Reply } from './transport.ts';

export interface ListOptions {
  /** Rows a page, 1 to 200; default 200. */
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly sort?: string | undefined;
  readonly updatedSince?: number | undefined;
  /** Epoch milliseconds, as above. */
  readonly createdSince?: number | undefined;
  readonly createdUntil?: number | undefined;
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
  get<K extends Kind>(kind: K, id: number | string): Promise<Received<Singles[K]>>;
  /** The new record's id. */
  create<K extends Kind>(kind: K, body: Creates[K]): Promise<string>;
  update<K extends Kind>(kind: K, id: number | string, body: Updates[K]): Promise<JsonObject>;
  remove(kind: Kind, id: number | string): Promise<void>;
  organizations(): Promise<readonly Organization[]>;
  subscribe(type: HookEvent, url: string): Promise<CreatedSubscription>;
  subscription(id: string): Promise<{ readonly id: string; readonly status: string }>;
  subscriptionSecret(id: string): Promise<Secret>;
  unsubscribe(id: string): Promise<void>;
  /** The same client whose requests wait in another lane. */
  inLane(lane: QuotaLane, readTries?: number): MaintainxClient;
}

/** A client for one key. Throws `maintainx-options-invalid` when an option cannot be. */
export const createClient = (options: ClientOptions): MaintainxClient => clientOver(connectionOf(options));

function clientOver(connection: Connection): MaintainxClient {
  return {
    call: (name, ...[input]) => callOperation(connection, name, input),
    pagesOf: (name, ...[input]) => pagesOf(connection, name, input),
    download: (link, options) => download(connection, link, options),
    limits: () => connection.told.limits,
    ...recordsOver(connection),
    ...subscriptionsOver(connection),
    organizations: async () => {
      const { body } = await exchange(connection, 'listOrganizations');
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
    pageOf(kind, await exchange(connection, listOf(kind), { query: listQuery(kind, options) }));
  return {
    list,
    pages: (kind, options = {}) =>
      follow((cursor) => list(kind, { ...options, cursor }), `GET ${entryOf(kind).path}`, options.cursor),
    get: async (kind, id) => {
      const { path, singleKey, get } = entryOf(kind);
      const input = { path: { id }, query: { expand: get.expand } };
      const { body } = await exchange(connection, operationAt('GET', `${path}/{id}`), input);
      const record = objectOf(body[singleKey]);
      if (idOf(record, kind) !== String(id)) throw unreadable(`GET ${path}/{id}`, 'another record');
      return record as Received<Singles[typeof kind]>;
    },
    create: async (kind, body) =>
      idOf((await exchange(connection, operationAt('POST', entryOf(kind).path), { body })).body, kind),
    update: async (kind, id, body) => {
      const { path, singleKey } = entryOf(kind);
      const input = { path: { id }, body };
      return objectOf((await exchange(connection, operationAt('PATCH', `${path}/{id}`), input)).body[singleKey]);
    },
    remove: async (kind, id) => {
      await exchange(connection, operationAt('DELETE', `${entryOf(kind).path}/{id}`), { path: { id } });
    },
  };
}

function subscriptionsOver(
  connection: Connection,
): Pick<MaintainxClient, 'subscribe' | 'subscription' | 'subscriptionSecret' | 'unsubscribe'> {
  return {
    subscribe: async (type, url) => {
      const { body } = await exchange(connection, 'createSubscription', { body: { type, url } });
      const secret = textOf(body['secret']);
      return {
        id: idOf(body, 'subscription'),
        status: textOf(body['status']),
        secret: secret === '' ? null : new Secret(secret),
      };
    },
    subscription: async (id) => {
      const { body } = await exchange(connection, 'getSubscription', { path: { id } });
      return { id, status: textOf(objectOf(body['subscription'])['status']) };
    },
    subscriptionSecret: async (id) => {
      const { body } = await exchange(connection, 'getSubscriptionSecret', { path: { id } });
      const secret = textOf(body['secret']);
      if (secret === '') throw unreadable('GET /subscriptions/{id}/secret', 'no secret');
      return new Secret(secret);
    },
    unsubscribe: async (id) => void (await exchange(connection, 'deleteSubscription', { path: { id } })),
  };
}

function entryOf(kind: Kind): KindEntry {
  if (!isKind(kind)) throw raiseMaintainx('maintainx-call-invalid', `${String(kind)} is no kind of record`);
  return kindEntry(kind);
}

const listOf = (kind: Kind): OperationName => operationAt('GET', entryOf(kind).path);

/** A time that no date holds becomes null, which fits no filter. What is none of our options is for the check to refuse. */
function listQuery(kind: Kind, options: ListOptions): LooseQuery {
  const { limit = 200, cursor, sort, updatedSince, createdSince, createdUntil, expand, ...others } = options;
  return {
    ...others,
    limit,
    cursor,
    sort,
    'updatedAt[gte]': dateOf(updatedSince),
    'createdAt[gte]': dateOf(createdSince),
    'createdAt[lte]': dateOf(createdUntil),
    expand: expand ?? entryOf(kind).list.expand,
  };
}

const dateOf = (time: number | undefined): Date | undefined => (time === undefined ? undefined : new Date(time));

type LooseQuery = Readonly<Record<string, unknown>>;

function pageOf<K extends Kind>(kind: K, { body, serverTime }: Reply): Page<Received<Rows[K]>> {
  const rows = arrayOf(body[entryOf(kind).listKey]);
  return { rows: rows as Received<Rows[K]>[], nextCursor: cursorOf(body), serverTime };
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
