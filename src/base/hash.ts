import { createHash } from 'node:crypto';

/** SHA-256 over the parts, each preceded by its length, so that no two lists of parts collide by concatenation. */
export function sha256(...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256');
  // Text goes in together: each call costs as much as hashing some hundred bytes.
  let text = '';
  for (const part of parts) {
    text += `${Buffer.byteLength(part)}:`;
    if (typeof part === 'string') text += part;
    else {
      hash.update(text).update(part);
      text = '';
    }
  }
  return hash.update(text).digest();
}

/** SHA-256 of the bytes as they are, in hex: as other tools compute it. */
export const contentHash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
