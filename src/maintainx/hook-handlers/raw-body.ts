import type { Clock } from '../../base/clock.ts';
import { answered, type WebhookAnswer } from './receive.ts';

/** The bytes of a body, or the answer that ends the exchange. */
export type RawBody = { readonly raw: Uint8Array } | { readonly refused: WebhookAnswer };

/** Reads a body up to `maxBytes` and `timeoutMs`; `stop` ends the reading. */
export async function readRaw(
  chunks: AsyncIterable<unknown>,
  limits: { readonly maxBytes: number; readonly timeoutMs: number; readonly clock: Clock },
): Promise<RawBody> {
  const done = new AbortController();
  const late = limits.clock
    .sleep(limits.timeoutMs, done.signal)
    .then((): RawBody => ({ refused: answered(408, 'the body did not arrive in time') }));
  try {
    return await Promise.race([collect(chunks, limits.maxBytes), late]);
  } catch {
    return { refused: answered(400, 'the body did not arrive whole') };
  } finally {
    done.abort();
  }
}

async function collect(chunks: AsyncIterable<unknown>, maxBytes: number): Promise<RawBody> {
  const got: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) return { refused: answered(400, 'the body is no bytes') };
    size += chunk.length;
    if (size > maxBytes) return tooLarge(maxBytes);
    got.push(chunk);
  }
  return { raw: Buffer.concat(got) };
}

export const tooLarge = (maxBytes: number): RawBody => ({
  refused: answered(413, `the body is larger than ${maxBytes} bytes`),
});
