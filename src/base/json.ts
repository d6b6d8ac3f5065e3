/** Any JSON value. Integers beyond 2^53 arrive as strings of their digits (see `parseJson`). */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Deepest nesting that is parsed; deeper text is refused before any parser sees it. */
export const MAX_DEPTH = 64;

export type JsonRefusal = 'not-json' | 'too-deep';

/**
 * Parses JSON from a stranger: depth counted before parsing, `__proto__` dropped, integers that a double cannot hold
 * kept as strings of their digits. Returns the reason instead of throwing.
 */
export function parseJson(
  text: string,
  maxDepth = MAX_DEPTH,
): { readonly value: Json } | { readonly refused: JsonRefusal } {
  return parse(text, maxDepth, needsCare(text) ? carefully : undefined);
}

function parse(
  text: string,
  maxDepth: number,
  reviver?: typeof carefully,
): { readonly value: Json } | { readonly refused: JsonRefusal } {
  if (isTooDeep(text, maxDepth)) return { refused: 'too-deep' };
  try {
    return { value: JSON.parse(text, reviver) as Json };
  } catch {
    return { refused: 'not-json' };
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object inside `value`, or an empty one. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** Most texts hold neither long digit runs nor `__proto__`, escaped or not; only the others pay for a reviver. */
const needsCare = (text: string): boolean => /\d{16}|__proto__|\\u00[5-7]/i.test(text);

function carefully(key: string, value: unknown, context?: { source?: string }): unknown {
  if (key === '__proto__') return undefined;
  const source = context?.source;
  if (typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) && !Number.isSafeInteger(value))
    return source;
  return value;
}

/** Counts brackets outside strings; no recursion, no allocation. */
function isTooDeep(text: string, maxDepth: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (inString) {
      if (char === 0x5c) index++;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x5b || char === 0x7b) {
      if (++depth > maxDepth) return true;
    } else if (char === 0x5d || char === 0x7d) depth--;
  }
  return false;
}

/**
 * Parses JSON that we wrote ourselves: our envelopes nest what strangers sent a little deeper, and digits without quotes
 * were a number when we wrote them (1e17), however long.
 */
export function parseStored(text: string): Json {
  const parsed = parse(text, MAX_DEPTH + 16);
  if ('refused' in parsed) throw new Error(`stored JSON cannot be read: ${parsed.refused}`);
  return parsed.value;
}
