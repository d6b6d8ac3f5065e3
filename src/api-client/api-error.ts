/** What the gateway says is wrong. */
export class ApiError extends Error {
  /** One of docs/errors.md; `unreadable` when what answered was not the gateway. */
  readonly code: string;
  /** Of HTTP. */
  readonly status: number;
  /** For the operator: the log has the details under it. */
  readonly requestId: string | undefined;
  /** How long to wait before the next try, milliseconds; undefined: trying again does not help. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    told: Pick<ApiError, 'code' | 'status'> & {
      readonly requestId?: string | undefined;
      readonly retryAfterMs?: number | undefined;
    },
  ) {
    super(message);
    this.name = 'ApiError';
    this.code = told.code;
    this.status = told.status;
    this.requestId = told.requestId;
    this.retryAfterMs = told.retryAfterMs;
  }
}

/** The error in an answer that is none of the good ones. */
export async function apiErrorOf(answer: Response): Promise<ApiError> {
  const said: unknown = await answer.json().catch(() => undefined);
  const problem: Readonly<Record<string, unknown>> = typeof said === 'object' && said !== null ? { ...said } : {};
  const text = (name: string): string | undefined => {
    const value = problem[name];
    return typeof value === 'string' ? value : undefined;
  };
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
  return new ApiError(text('detail') ?? `the gateway answered ${answer.status}`, {
    code: text('code') ?? 'unreadable',
    status: answer.status,
    requestId: text('requestId'),
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : undefined,
  });
}
