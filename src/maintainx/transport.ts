import { backoff } from '../base/backoff.ts';
import type { Clock } from '../base/clock.ts';
import { isCoded } from '../base/coded-error.ts';
import { objectOf, type Json, type JsonObject } from '../base/json.ts';
import type { Random } from '../base/random.ts';
import type { Secret } from '../base/secret.ts';
import { decode } from './answers.ts';
import type { Content } from './call-check.ts';
import type { Http, HttpRequest, HttpResponse } from './http.ts';
import { limitsIn, type RateLimits } from './limits.ts';
import type { LongWindow } from './long-windows.ts';
import type { QuotaLane } from './quota.ts';

/** Lets a request through when the quota allows it, and each of the `windows` that it falls under; sees every answer. */
export type Gate = (
  lane: QuotaLane,
  send: () => Promise<HttpResponse>,
  windows?: readonly LongWindow[],
) => Promise<HttpResponse>;

/** How requests reach MaintainX: all that `createClient` was told, with its defaults. */
export interface Connection {
  readonly baseUrl: string;
  readonly apiKey: Secret;
  readonly organizationId: string | undefined;
  readonly http: Http;
  readonly gate: Gate | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly timeoutMs: number;
  readonly lane: QuotaLane;
  readonly readTries: number;
  readonly signal: AbortSignal | undefined;
  /** What the last answer told; shared by all lanes of one client. */
  readonly told: { limits: RateLimits | undefined };
}

export interface Call {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly query?: readonly (readonly [string, string])[];
  readonly content?: Content | undefined;
  /** Sent as `x-organization-ids`. */
  readonly organizationIds?: string | undefined;
  /** Limits that it falls under besides those of every request. */
  readonly windows?: readonly LongWindow[];
  /** For messages, e.g. `PUT /assets/{id}`. */
  readonly what: string;
}

export interface Reply {
  readonly value: Json | undefined;
  /** The value, when it is an object; else an empty one. */
  readonly body: JsonObject;
  /** MaintainX's clock when it answered (`Date` header), epoch milliseconds; null without the header. */
  readonly serverTime: number | null;
}

/** Tries of any request that the rate limit turned away: it was not done, so even a write is safe to repeat. */
const LIMITED_TRIES = 4;

/** Runs `work` until it succeeds, and again when that is safe: a read that failed for a passing reason, anything after a 429. */
export async function repeat<Result>(
  connection: Connection,
  method: HttpRequest['method'],
  work: () => Promise<Result>,
): Promise<Result> {
  const { clock, random, signal, gate } = connection;
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted === true || !mayRepeat(connection, method, error, attempt + 1)) throw error;
      const limited = isCoded(error, 'maintainx-rate-limited');
      // A gate has seen the 429 and waits by itself.
      const wait = limited && gate === undefined ? Number(error.details['retryAfterMs'] ?? 0) + 1000 : 0;
      await clock.sleep(wait + backoff(attempt, random, 300, 5_000), signal);
    }
  }
}

function mayRepeat({ readTries }: Connection, method: HttpRequest['method'], error: unknown, tries: number): boolean {
  if (isCoded(error, 'maintainx-rate-limited')) return tries < LIMITED_TRIES;
  return method === 'GET' && isCoded(error) && error.retryable && tries < readTries;
}

export async function sendOnce(connection: Connection, call: Call): Promise<Reply> {
  const { gate, http, lane, told, clock } = connection;
  const request = requestOf(connection, call);
  const exchange = (): Promise<HttpResponse> => http(request);
  const answer = await (gate === undefined ? exchange() : gate(lane, exchange, call.windows));
  told.limits = limitsIn(answer, clock.now()) ?? told.limits;
  const value = decode(answer, call.what, connection.apiKey.reveal());
  const time = Date.parse(answer.headers['date'] ?? '');
  return { value, body: objectOf(value), serverTime: Number.isNaN(time) ? null : time };
}

function requestOf(connection: Connection, { method, path, query, content, organizationIds }: Call): HttpRequest {
  const url = new URL(`${connection.baseUrl}${path}`);
  for (const [name, value] of query ?? []) url.searchParams.append(name, value);
  const headers: Record<string, string> = {
    authorization: `Bearer ${connection.apiKey.reveal()}`,
    accept: 'application/json',
  };
  if (connection.organizationId !== undefined) headers['x-organization-id'] = connection.organizationId;
  if (organizationIds !== undefined) headers['x-organization-ids'] = organizationIds;
  if (content !== undefined) headers['content-type'] = content.type;
  const request = { method, url: url.toString(), timeoutMs: connection.timeoutMs, headers };
  return content === undefined ? request : { ...request, body: content.data };
}
