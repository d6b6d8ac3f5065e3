import { isObject, parseJson, type Json } from '../base/json.ts';

const REDACTED = '[redacted]';

/** More of an error page is read by nobody. */
const LONGEST_TEXT = 100_000;

/**
 * The body of an answer that is no success, without the key: a proxy's error page may show the request's headers, and
 * what it says goes into messages. JSON is looked through after its escapes are gone, HTML across its tags.
 */
export function withoutKey(body: string, key: string): string {
  const parsed = parseJson(body);
  if ('value' in parsed) return JSON.stringify(redacted(parsed.value, key));
  return body.slice(0, LONGEST_TEXT).replaceAll(acrossTags(key), REDACTED);
}

/** The depth is bounded: the value came through `parseJson`. */
function redacted(value: Json, key: string): Json {
  if (typeof value === 'string') return value.replaceAll(key, REDACTED);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, redacted(one, key)]));
  return Array.isArray(value) ? value.map((one: Json) => redacted(one, key)) : value;
}

const acrossTags = (key: string): RegExp =>
  new RegExp(
    Array.from(key, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`).join(String.raw`(?:<[^<>]*>|\s)*`),
    'gu',
  );
