import type { CodedError } from '../base/coded-error.ts';
import { isObject, objectOf, parseJson, type Json, type JsonObject } from '../base/json.ts';
import { raiseMaintainx } from './errors.ts';
import type { HttpResponse } from './http.ts';
import { resetMs } from './quota.ts';

/** One field error of MaintainX's 400. */
export interface Problem {
  readonly error: string;
  readonly fieldPath?: string;
}

/** The JSON object of a successful answer, or a coded error for every other. */
export function decode(answer: HttpResponse, what: string): JsonObject {
  if (answer.status >= 200 && answer.status < 300) return decodeBody(answer, what);
  throw failure(answer, what);
}

function decodeBody(answer: HttpResponse, what: string): JsonObject {
  if (answer.status === 204 || answer.body === '') return {};
  const parsed = parseJson(answer.body);
  if ('refused' in parsed) throw raiseMaintainx('maintainx-unreadable', `${what} answered ${parsed.refused}`);
  return isObject(parsed.value) ? parsed.value : { items: parsed.value };
}

/** The error behind an unsuccessful answer, whichever of its envelopes MaintainX used. */
function failure(answer: HttpResponse, what: string): CodedError {
  const problems = problemsOf(answer.body);
  const said = problems
    .map((one) => one.error)
    .join('; ')
    // The message is kept as a reason, and no database takes NUL in text.
    .replaceAll('\0', '\uFFFD')
    .slice(0, 300);
  const message = `${what} answered ${answer.status}${said === '' ? '' : `: ${said}`}`;
  const details = { status: answer.status, problems };
  if (answer.status === 401) return raiseMaintainx('maintainx-unauthorized', message, details);
  if (answer.status === 403) return raiseMaintainx('maintainx-forbidden', message, details);
  if (answer.status === 404) return notFound(message, details);
  if (answer.status === 429)
    return raiseMaintainx('maintainx-rate-limited', message, { ...details, retryAfterMs: retryAfterMs(answer) });
  if (answer.status >= 500) return raiseMaintainx('maintainx-unavailable', message, details);
  return raiseMaintainx('maintainx-rejected', message, details);
}

/**
 * A 404 of a proxy, or of a wrong path (`Cannot GET /v1/…` as text), says nothing about a record: only MaintainX's own
 * JSON envelope does.
 */
function notFound(message: string, details: { problems: readonly Problem[] }): CodedError {
  return details.problems.length > 0
    ? raiseMaintainx('maintainx-not-found', message, details)
    : raiseMaintainx('maintainx-unreadable', `${message} without MaintainX's error envelope`, details);
}

/** `{"errors":[{error, fieldPath}]}`, `{"error":"…"}`; anything else is no envelope. */
function problemsOf(body: string): readonly Problem[] {
  const parsed = parseJson(body);
  const envelope = objectOf('value' in parsed ? parsed.value : undefined);
  const listed = Array.isArray(envelope['errors']) ? envelope['errors'].map(problemOf) : [];
  return [...listed, problemOf(envelope)].filter((one) => one !== undefined);
}

function problemOf(value: Json): Problem | undefined {
  const { error, fieldPath } = objectOf(value);
  if (typeof error !== 'string') return undefined;
  return typeof fieldPath === 'string' ? { error, fieldPath } : { error };
}

/** Milliseconds until the rate window ends: the Reset header (FACTS 2.2: seconds left), else the text, else a minute. */
function retryAfterMs(answer: HttpResponse): number {
  const header = answer.headers['x-rate-limit-reset'] ?? '';
  const told = /^\s*\d+(\.\d+)?\s*$/.test(header) ? header : /retry in (\d+) seconds/i.exec(answer.body)?.[1];
  return resetMs(told === undefined ? undefined : Number(told));
}
