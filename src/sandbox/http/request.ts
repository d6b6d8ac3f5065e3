import type { IncomingMessage } from 'node:http';
import { parseJson, type Json } from '../../base/json.ts';
import { badFields } from './answer.ts';
import type { Act } from '../plant/plant.ts';

/** A request as the operations see it. */
export interface ApiRequest {
  readonly method: string;
  /** With `/v1`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Undefined when there was none. */
  readonly body: Json | undefined;
  readonly act: Act;
}

const MOST_BYTES = 1_000_000;

export async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size <= MOST_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function bodyFrom(text: string): Json | undefined {
  if (text.trim() === '') return undefined;
  const parsed = parseJson(text);
  if ('refused' in parsed) throw badFields([{ error: 'Invalid JSON in request body' }]);
  return parsed.value;
}
