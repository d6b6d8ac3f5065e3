import { apiErrorOf } from './api-error.ts';
import { API_OPERATIONS, type ApiOperations, type None } from './generated/operations.ts';

export type ApiOperation = keyof ApiOperations;

export interface ApiClientOptions {
  /** Of the gateway, e.g. `https://millwright.plant.example`. */
  readonly baseUrl: string;
  /** As `millwright token create` shows it. */
  readonly token: string;
  /** For an administrator: the tenant to act for, by its name. */
  readonly tenant?: string;
  /** Longest that one request may take, milliseconds; default 30,000. */
  readonly timeoutMs?: number;
  /** Default: Node's own. */
  readonly fetch?: typeof fetch;
}

type Part<Name extends string, Shape> = Shape extends undefined
  ? { readonly [name in Name]?: undefined }
  : Shape extends None
    ? None extends Shape
      ? { readonly [name in Name]?: Shape }
      : { readonly [name in Name]: Shape }
    : { readonly [name in Name]: Shape };

/** What one call takes: what the operation asks for, and conditions. */
export type ApiInput<Name extends ApiOperation> = Part<'path', ApiOperations[Name]['path']> &
  Part<'query', ApiOperations[Name]['query']> &
  Part<'body', ApiOperations[Name]['body']> & {
    /** The same request with the same key is done once. */
    readonly idempotencyKey?: string;
    /** The ETag of what is meant to be changed. */
    readonly ifMatch?: string;
    readonly signal?: AbortSignal;
  };

export interface ApiClient {
  /** Calls one operation. Rejects with an `ApiError` that carries the code. */
  readonly call: <Name extends ApiOperation>(
    name: Name,
    input: ApiInput<Name>,
  ) => Promise<ApiOperations[Name]['answer']>;
}

type Values = Readonly<Record<string, string | number | boolean | undefined>>;

/** What every operation's input may have, whichever it is. */
interface AnyInput {
  readonly path?: Values;
  readonly query?: Values;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
}

/** A client of the gateway's API, typed operation by operation. It needs nothing but `fetch`. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const send = options.fetch ?? fetch;
  const base = `${options.baseUrl.replace(/\/+$/, '')}/api/v1`;
  const call = async (name: ApiOperation, input: AnyInput): Promise<unknown> => {
    const [method, path] = API_OPERATIONS[name];
    const timeout = AbortSignal.timeout(options.timeoutMs ?? 30_000);
    const answer = await send(`${base}${filled(path, input.path)}${searchOf(input.query)}`, {
      method,
      headers: headersOf(options, input),
      signal: input.signal === undefined ? timeout : AbortSignal.any([timeout, input.signal]),
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    });
    if (!answer.ok) throw await apiErrorOf(answer);
    if (answer.status === 204) return undefined;
    return isFile(answer) ? new Uint8Array(await answer.arrayBuffer()) : answer.json();
  };
  // Its types say for each operation what was generated for it.
  return { call: call as ApiClient['call'] };
}

const isFile = ({ headers }: Response): boolean => headers.get('content-type') === 'application/octet-stream';

const filled = (path: string, values: AnyInput['path'] = {}): string =>
  path.replaceAll(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(String(values[name])));

function searchOf(query: AnyInput['query'] = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? '' : `?${search.toString()}`;
}

const headersOf = (
  { token, tenant }: ApiClientOptions,
  { body, idempotencyKey, ifMatch }: AnyInput,
): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  ...(tenant === undefined ? {} : { 'millwright-tenant': tenant }),
  ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
});
