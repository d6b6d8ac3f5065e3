/** What the code table says of one error. */
export interface ErrorKind {
  /** HTTP status that a caller of ours sees. */
  readonly status: number;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** One sentence: what happened and what to do. */
  readonly meaning: string;
}

export type ErrorTable = Readonly<Record<string, ErrorKind>>;

/** The one error class of this project: a code from a table, a message for people, details for programs. */
export class CodedError extends Error {
  override readonly name = 'CodedError';
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, kind: ErrorKind, message: string, details: Record<string, unknown>, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = kind.status;
    this.retryable = kind.retryable;
    this.details = details;
  }
}

/** The constructor of coded errors for one table: `raise('some-code', 'what happened', { details })`. */
export function errorsOf<Table extends ErrorTable>(table: Table) {
  return (
    code: Extract<keyof Table, string>,
    message: string,
    details: Record<string, unknown> = {},
    cause?: unknown,
  ): CodedError => {
    const kind = table[code];
    if (kind === undefined) throw new Error(`no such error code: ${code}`);
    return new CodedError(code, kind, message, details, cause);
  };
}

/** Whether `error` is ours and, when codes are named, carries one of them. */
export function isCoded(error: unknown, ...codes: readonly string[]): error is CodedError {
  return error instanceof CodedError && (codes.length === 0 || codes.includes(error.code));
}
