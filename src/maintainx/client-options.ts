import { systemClock, type Clock } from '../base/clock.ts';
import { systemRandom, type Random } from '../base/random.ts';
import { Secret } from '../base/secret.ts';
import { raiseMaintainx } from './errors.ts';
import { undiciHttp, type Http } from './http.ts';
import type { QuotaLane } from './quota.ts';
import type { Connection, Gate } from './transport.ts';

export interface ClientOptions {
  /** With `/v1`; default MaintainX's own. */
  readonly baseUrl?: string;
  /** White space around it is dropped: keys come from files and variables. */
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

const MAINTAINX_URL = 'https://api.getmaintainx.com/v1';

/** What a client sends with; an option that cannot be is told at once, not by the first call. */
export function connectionOf(options: ClientOptions): Connection {
  const given: Partial<ClientOptions> = isObjectLike(options) ? options : {};
  return {
    baseUrl: checkedUrl(given.baseUrl ?? MAINTAINX_URL),
    apiKey: checkedKey(given.apiKey),
    organizationId: given.organizationId === undefined ? undefined : checkedOrganization(given.organizationId),
    http: given.http ?? undiciHttp(given.signal === undefined ? {} : { signal: given.signal }),
    gate: given.gate,
    clock: given.clock ?? systemClock,
    random: given.random ?? systemRandom,
    timeoutMs: checkedCount('timeoutMs', given.timeoutMs ?? 20_000),
    lane: given.lane ?? 'person',
    readTries: checkedCount('readTries', given.readTries ?? 3),
    signal: given.signal,
    told: { limits: undefined },
  };
}

const isObjectLike = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Paths are put behind it: a slash at the end would double, a query would swallow them. */
function checkedUrl(given: unknown): string {
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined;
  const isBase = url !== undefined && /^https?:$/.test(url.protocol) && `${url.search}${url.hash}` === '';
  if (!isBase || `${url.username}${url.password}` !== '')
    throw impossible('baseUrl', 'must be an http(s) address without credentials, query and fragment');
  return url.href.replace(/[?#]*$/, '').replace(/\/+$/, '');
}

/** Neither what is wrong nor the message shows the key. */
function checkedKey(given: unknown): Secret {
  const key = (given instanceof Secret ? given.reveal() : typeof given === 'string' ? given : '').trim();
  if (key === '') throw impossible('apiKey', 'must be given: a text or Secret that is not empty');
  if (!isHeaderText(key)) throw impossible('apiKey', 'must be one line of printable ASCII characters');
  return new Secret(key);
}

function checkedOrganization(given: unknown): string {
  const id = typeof given === 'string' ? given.trim() : '';
  if (id === '' || !isHeaderText(id)) throw impossible('organizationId', 'must be an id, as a text');
  return id;
}

/** What a header takes as it is. */
const isHeaderText = (text: string): boolean => /^[\x20-\x7e]+$/.test(text);

/** No timer runs longer than this. */
const LONGEST_MS = 2 ** 31 - 1;

function checkedCount(option: 'timeoutMs' | 'readTries', given: unknown): number {
  if (typeof given !== 'number' || !Number.isInteger(given) || given < 1 || given > LONGEST_MS)
    throw impossible(option, `must be a whole number from 1 to ${LONGEST_MS}`);
  return given;
}

const impossible = (option: keyof ClientOptions, error: string): Error =>
  raiseMaintainx('maintainx-options-invalid', `createClient: ${option} ${error}`, { option });
