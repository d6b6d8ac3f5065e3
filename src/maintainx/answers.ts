import type { CodedError } from '../base/coded-error.ts';
import { objectOf, parseJson, type Json } from '../base/json.ts';
import { raiseMaintainx } from './errors.ts';
import type { HttpResponse } from './http.ts';
import { resetMs } from './quota.ts';
import { withoutKey } from './without-key.ts';

/** One field error of MaintainX's 400, or of our own check of a call. */
export interface Problem {
  readonly error: string;
  readonly fieldPath?: string;
  readonly fieldValue?: Json;
}

/** The JSON of a successful answer, undefined when it has none; a coded error, which never shows the key, for every other. */
export function decode(answer: HttpResponse, what: string, key: string): Json | undefined {
  if (answer.status < 200 || answer.status >= 300)
    throw failure({ ...answer, body: withoutKey(answer.body, key) }, what);
  if (answer.status === 204 || answer.body === '') return undefined;
  const parsed = parseJson(answer.body);
  if ('refused' in parsed) throw raiseMaintainx('maintainx-unreadable', `${what} answered ${parsed.refused}`);
  return parsed.value;
}

/** The error behind an unsuccessful answer, whichever of its envelopes MaintainX or a proxy used. */
function failure(answer: HttpResponse, what: string): CodedError {
  const problems = problemsOf(answer.body);
  const messages = problems.length > 0 ? problems.map((one) => printable(one.error)) : textOf(answer.body);
  const said = messages.join('; ').slice(0, LONGEST_MESSAGE);
  const message = `${what} answered ${answer.status}${said === '' ? '' : `: ${said}`}`;
  const fields = problems.filter((one) => one.fieldPath !== undefined);
  const details = { status: answer.status, problems, messages, fields };
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

/** `{"errors":[{error, fieldPath, fieldValue}]}`, `{"error":"…"}`; anything else is no envelope (FACTS 2.4). */
function problemsOf(body: string): readonly Problem[] {
  const parsed = parseJson(body);
  const envelope = objectOf('value' in parsed ? parsed.value : undefined);
  const listed = Array.isArray(envelope['errors']) ? envelope['errors'].map(problemOf) : [];
  return [...listed, problemOf(envelope)].filter((one) => one !== undefined);
}

function problemOf(value: Json): Problem | undefined {
  const { error, fieldPath, fieldValue } = objectOf(value);
  if (typeof error !== 'string') return undefined;
  if (typeof fieldPath !== 'string') return { error };
  return fieldValue === undefined ? { error, fieldPath } : { error, fieldPath, fieldValue };
}

const LONGEST_MESSAGE = 300;

/** What a body without an envelope says: JSON in words of its own, plain text, or the words of an HTML page. */
function textOf(body: string): readonly string[] {
  const parsed = parseJson(body);
  if ('value' in parsed) return saidIn(parsed.value).map(printable);
  const words = body
    .slice(0, 10 * LONGEST_MESSAGE)
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return words === '' ? [] : [printable(words)];
}

/** Texts that other servers than MaintainX put their reasons in; else the whole of it, unless it is empty. */
function saidIn(value: Json): readonly string[] {
  const { message, errors } = objectOf(value);
  const said = [value, message, errors].flat().filter((one) => typeof one === 'string' && one !== '');
  if (said.length > 0) return said.map(String);
  const text = JSON.stringify(value);
  return ['{}', '[]', '""', 'null'].includes(text) ? [] : [text];
}

/** Short enough to be kept as a reason; no database takes NUL in text. */
const printable = (text: string): string => text.replaceAll('\0', '\uFFFD').slice(0, LONGEST_MESSAGE);

/** Milliseconds until the rate window ends: the Reset header (FACTS 2.2: seconds left), else the text, else a minute. */
function retryAfterMs(answer: HttpResponse): number {
  const header = answer.headers['x-rate-limit-reset'] ?? '';
  const told = /^\s*\d+(\.\d+)?\s*$/.test(header) ? header : /retry in (\d+) seconds/i.exec(answer.body)?.[1];
  return resetMs(told === undefined ? undefined : Number(told));
}
