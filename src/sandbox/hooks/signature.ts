import { createHash, createHmac } from 'node:crypto';

/** The value of a signature header: HMAC-SHA256 over `<t>.<payload>`, `t` in seconds (FACTS 1.1). */
export function signature(secret: string, seconds: number, payload: string): string {
  const digest = createHmac('sha256', secret).update(`${seconds}.${payload}`, 'utf8').digest('hex');
  return `t=${seconds},v1=${digest}`;
}

/** A secret of MaintainX's shape, the same for the same words. */
export function secretFrom(...words: readonly (string | number)[]): string {
  return `mx_${uuidFrom('first', ...words)}_${uuidFrom('second', ...words)}`;
}

/** A UUIDv4 that follows from the words. */
export function uuidFrom(...words: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(words.join('\n')).digest('hex');
  const variant = '89ab'[Number.parseInt(hex.slice(16, 17), 16) % 4] ?? '8';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
