import type { Secret } from '../base/secret.ts';
import { sha256 } from '../base/hash.ts';
import { raise } from '../errors.ts';

const KEY_BYTES = 32;

/** A key that wraps the data keys of all tenants. */
export interface MasterKey {
  /** Names it without telling it. */
  readonly id: string;
  readonly bytes: Buffer;
  /** As it was given, base64 or hex. */
  readonly text: Secret;
}

/** The master key behind its text. Throws `config-invalid` for what is none. */
export function masterKeyOf(text: Secret): MasterKey {
  const given = text.reveal().trim();
  const bytes = /^[0-9a-f]{64}$/i.test(given) ? Buffer.from(given, 'hex') : Buffer.from(given, 'base64');
  if (bytes.length !== KEY_BYTES)
    throw raise('config-invalid', `the master key must be ${KEY_BYTES} bytes in base64 or hex`);
  return { id: sha256(bytes).toString('hex').slice(0, 16), bytes, text };
}
