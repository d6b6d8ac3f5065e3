import type { IncomingHttpHeaders } from 'node:http';
import { parseStored, type Json } from '../../src/base/json.ts';

/** One request and its answer, as they went over the wire. */
export interface Exchange {
  readonly method: string;
  /** Path with query. */
  readonly target: string;
  readonly requestHeaders: IncomingHttpHeaders;
  readonly requestBody: Buffer;
  readonly status: number;
  readonly answerHeaders: IncomingHttpHeaders;
  readonly answerBody: Buffer;
}

/** The media type without its parameters. */
export const mediaType = (headers: IncomingHttpHeaders): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

export const isGood = ({ status }: Exchange): boolean => status >= 200 && status < 300;

/** What the bytes say, or `undefined` when they are no JSON. */
export function jsonIn(bytes: Buffer): Json | undefined {
  try {
    return parseStored(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
