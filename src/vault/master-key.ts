import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../base/secret.ts';
import { raise } from '../errors.ts';

const KEY_BYTES = 32;

/** The 32 bytes behind a master key's text, base64 or hex. */
export function masterKeyBytes(text: Secret): Buffer {
  const given = text.reveal().trim();
  const bytes = /^[0-9a-f]{64}$/i.test(given) ? Buffer.from(given, 'hex') : Buffer.from(given, 'base64');
  if (bytes.length !== KEY_BYTES)
    throw raise('config-invalid', `the master key must be ${KEY_BYTES} bytes in base64 or hex`);
  return bytes;
}

/** The key in `<dataDir>/master.key`, made on first use, readable by this user alone. */
export function keptMasterKey(dataDir: string): { readonly key: Secret; readonly made: boolean } {
  const path = join(dataDir, 'master.key');
  const found = readKey(path);
  if (found !== undefined) return { key: found, made: false };
  mkdirSync(dataDir, { recursive: true });
  // Written aside and linked, so that of two first starts both read one whole key.
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  const made = claim(draft, path);
  const key = readKey(path);
  if (key === undefined) throw raise('config-invalid', `${path} cannot be read`);
  return { key, made };
}

function claim(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readKey(path: string): Secret | undefined {
  try {
    return new Secret(readFileSync(path, 'utf8').trim());
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw raise('config-invalid', `the master key file ${path} cannot be read`, {}, error);
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
