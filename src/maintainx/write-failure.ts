import { CodedError, isCoded } from '../base/coded-error.ts';
import type { HttpRequest } from './http.ts';

/**
 * Runs the exchange of a write. There is no idempotency key (FACTS 2.4): when its end is not known, the error must not
 * invite anybody to repeat it, whatever its code says of reads.
 */
export async function asWrite<Result>(method: HttpRequest['method'], work: () => Promise<Result>): Promise<Result> {
  if (method === 'GET') return work();
  try {
    return await work();
  } catch (error) {
    throw isCoded(error) && leavesOpen(error) ? openEnded(error) : error;
  }
}

const OPEN_ENDED = ['maintainx-timeout', 'maintainx-unavailable', 'maintainx-unreadable', 'maintainx-too-large'];

/** An answer below 500 that is no success says that it was not done; so does a connection that never was. */
function leavesOpen(error: CodedError): boolean {
  const status = error.details['status'];
  const refused = typeof status === 'number' && status < 500;
  return isCoded(error, ...OPEN_ENDED) && !refused && !NEVER_CONNECTED.includes(codeOf(error.cause));
}

const NEVER_CONNECTED = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
];

const codeOf = (cause: unknown): string => (cause instanceof Error && 'code' in cause ? String(cause.code) : '');

const openEnded = ({ code, status, message, details, cause }: CodedError): CodedError =>
  new CodedError(
    code,
    { status, retryable: false, meaning: '' },
    `${message}; it may have been done all the same: look before you repeat it`,
    { ...details, mayBeDone: true },
    cause,
  );
