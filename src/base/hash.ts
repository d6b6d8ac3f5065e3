import { createHash } from 'node:crypto';

/** SHA-256 over the parts, each preceded by its length, so that no two lists of parts collide by concatenation. */
export function sha256(...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest();
}

/** SHA-256 of the bytes as they are, in hex: as other tools compute it. */
export const contentHash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
