import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
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

/** Answers any failure of a route. */
export function sendProblem(
  error: FastifyError | CodedError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const coded = codedOf(error);
  if (coded.status >= 500) logFailure(request, coded, error);
  if (coded.retryable && !reply.hasHeader('retry-after')) void reply.header('retry-after', '5');
  void reply.status(coded.status).type('application/problem+json').send(problemOf(coded, request.id));
}

/** What passes by itself is no failure for somebody to look into. */
function logFailure({ log }: FastifyRequest, { code, message, retryable }: CodedError, err: Error): void {
  if (retryable) log.warn({ code, reason: message }, 'a request was put off');
  else log.error({ err, code }, 'a request failed');
}

function problemOf(error: CodedError, requestId: string): Problem {
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

function codedOf(error: FastifyError | CodedError | Error): CodedError {
  if (isCoded(error)) return error;
  if ('code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return raise('body-too-large', 'the body is larger than 1 MiB');
  if ('statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500)
    return raise('request-invalid', error.message);
  return raise('internal', 'something failed; the log has the details under this request id', {}, error);
}
