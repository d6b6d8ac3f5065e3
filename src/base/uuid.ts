import type { Random } from './random.ts';

/** A UUIDv7 (RFC 9562): sorts by `now` (epoch milliseconds), the rest random. */
export function uuidv7(now: number, random: Random): string {
  const bytes = new Uint8Array(16);
  for (let index = 6; index < 16; index++) bytes[index] = Math.floor(random() * 256);
  let rest = now;
  for (let index = 5; index >= 0; index--) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
