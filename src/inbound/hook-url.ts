import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { hookKeyHash } from './subscriptions.ts';

/** MaintainX tells of a new subscription with its URL, and in that of ours stands a hook key, which is a secret. */
const HOOK_URL = /(\/hooks\/)([\w-]{40,})/g;
const HASHED = /\/hooks\/sha256:([0-9a-f]{64})$/;

/** The body with the hash of a hook key in place of the key, wherever a text is an address of ours. */
export const withoutHookKeys = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [name, hashedIn(value)]));

function hashedIn(value: Json): Json {
  if (typeof value === 'string')
    return value.replace(
      HOOK_URL,
      (_url, path: string, key: string) => `${path}sha256:${hookKeyHash(key).toString('hex')}`,
    );
  return isObject(value) ? withoutHookKeys(value) : value;
}

/** The hash of the hook key at the end of such an address; undefined: it is none. */
export function hookKeyHashIn(url: string): Buffer | undefined {
  const [, hex] = HASHED.exec(url) ?? [];
  return hex === undefined ? undefined : Buffer.from(hex, 'hex');
}

/** A webhook's bytes as they may be shown: a hook key in them is starred out, everything else as it was signed. */
export function shownBody(body: Uint8Array): Buffer {
  const bytes = Buffer.from(body);
  if (!bytes.includes('/hooks/')) return bytes;
  return Buffer.from(
    bytes.toString('latin1').replace(HOOK_URL, (_url, path: string, key: string) => path + '*'.repeat(key.length)),
    'latin1',
  );
}
