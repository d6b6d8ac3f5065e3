import type { IncomingMessage } from 'node:http';
import { parseJson, type Json } from '../../base/json.ts';
import { badFields } from './answer.ts';
import type { Organization } from '../organization.ts';
import type { Act } from '../plant/plant.ts';

/** A request that passed the gate. */
export interface RawRequest {
  readonly method: string;
  /** With `/v1`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly bytes: Uint8Array;
  /** Of the bytes, as the request says; empty when it does not. */
  readonly contentType: string;
  readonly act: Act;
  /** Those that the caller's key opens. */
  readonly organizations: readonly Organization[];
}

/** A request as the operations see it. */
export interface ApiRequest extends RawRequest {
  /** Path parameters by name. */
  readonly params: Readonly<Record<string, string>>;
  /** Undefined when there was none, or when the operation takes a file. */
  readonly body: Json | undefined;
}

const MOST_BYTES = 32_000_000;

/** The body; what goes beyond the cap is read and thrown away. */
export async function readBytes(message: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size <= MOST_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function jsonFrom(bytes: Uint8Array): Json | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  if (text.trim() === '') return undefined;
  const parsed = parseJson(text);
  if ('refused' in parsed) throw badFields([{ error: 'Invalid JSON in request body' }]);
  return parsed.value;
}
