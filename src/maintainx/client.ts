import { objectOf, type Json } from '../base/json.ts';
import { Secret } from '../base/secret.ts';
import type { HookEvent } from './catalogue/index.ts';
import { connectionOf, type ClientOptions } from './client-options.ts';
import { arrayOf, idOf, recordsOver, unreadable, type RecordCalls } from './client-records.ts';
import { download, type DownloadedFile, type DownloadOptions } from './download.ts';
import type { RateLimits } from './limits.ts';
import { callOperation, exchange, pagesOf } from './operation-call.ts';
import type { Answer, CallArguments, ListName, OperationName, RowOf } from './operations.ts';
import type { Page } from './paging.ts';
import type { QuotaLane } from './quota.ts';
import type { Connection } from './transport.ts';

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
export interface MaintainxClient extends RecordCalls {
  /** Any operation of the API by its name. What does not fit it, and what would spring a trap, is not sent. */
  call<Name extends OperationName>(name: Name, ...input: CallArguments<Name>): Promise<Answer<Name>>;
  /** All pages of any list by its operation's name, 200 rows a page; ends with an error when MaintainX repeats a cursor. */
  pagesOf<Name extends ListName>(name: Name, ...input: CallArguments<Name>): AsyncGenerator<Page<RowOf<Name>>>;
  /** The file behind a pre-signed link; the key is not sent along. */
  download(link: string, options?: DownloadOptions): Promise<DownloadedFile>;
  /** What the last answer told of the rate limit; undefined before the first that told. */
  limits(): RateLimits | undefined;
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

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
