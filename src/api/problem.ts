import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import { isCoded, type CodedError } from '../base/coded-error.ts';
import { raise } from '../errors.ts';

/** RFC 9457 problem details with our code. Never a stack, never a cause. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  readonly [detail: string]: unknown;
}

export const PROBLEM_TYPE = 'application/problem+json';

/** Answers any failure of a route. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = refusalOf(error);
  logFailure(request.log, refusal, error);
  if (refusal.retryable && !reply.hasHeader('retry-after')) void reply.header('retry-after', '5');
  void reply.status(refusal.status).type(PROBLEM_TYPE).send(problemOf(refusal, request.id));
}

/** What is our failure. What passes by itself is none for somebody to look into. */
export function logFailure(
  log: FastifyBaseLogger,
  { status, code, message, retryable }: CodedError,
  err: unknown,
): void {
  if (status < 500) return;
  if (retryable) log.warn({ code, reason: message }, 'a request was put off');
  else log.error({ err, code }, 'a request failed');
}

export function problemOf(error: CodedError, requestId: string): Problem {
  return {
    ...error.details,
    type: `urn:millwright:error:${error.code}`,
    title: error.code,
    status: error.status,
    code: error.code,
    detail: error.message,
    requestId,
  };
}

/** Any failure as the caller may see it. */
export function refusalOf(error: unknown): CodedError {
  if (isCoded(error)) return error;
  if (error instanceof Error) {
    if ('code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
      return raise('body-too-large', 'the body is larger than 1 MiB');
    if ('statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500)
      return raise('request-invalid', error.message);
  }
  return raise('internal', 'something failed; the log has the details under this request id', {}, error);
}
