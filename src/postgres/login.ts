import { sha256 } from '../base/hash.ts';
import type { Secret } from '../base/secret.ts';
import { raise } from '../errors.ts';
import type { Queries } from './database.ts';
import { runtimePassword, runtimeRoleOf } from './roles.ts';

/** The master keys of this process, newest first, and how they keep the runtime role's password. */
export interface LoginKeys {
  readonly masterKeys: readonly Secret[];
  readonly sealLogin: (password: Secret, masterKey: Secret) => Buffer;
  readonly openLogin: (sealed: Buffer, masterKey: Secret) => Secret;
}

const fingerprintOf = (masterKey: Secret): string =>
  sha256('master key', masterKey.reveal()).toString('hex').slice(0, 16);

/**
 * The runtime role's password. It comes from the master key that the database was set up with, so that every process finds the
 * same one; once that key was replaced it is kept, sealed by the new one, so that running processes keep their login.
 */
export async function loginPassword(owner: Queries, role: string, keys: LoginKeys): Promise<Secret> {
  const [current] = keys.masterKeys;
  if (current === undefined) throw new Error('there is always a master key');
  await owner.query('update installation set master_key_id = $1 where master_key_id is null', [fingerprintOf(current)]);
  const { key, login } = await setUpWith(owner, keys.masterKeys);
  return login === null ? runtimePassword(key, role) : keys.openLogin(login, key);
}

/** A process with another master key could read no secret and would lock running processes out by a new password. */
async function setUpWith(
  on: Queries,
  masterKeys: readonly Secret[],
): Promise<{ readonly key: Secret; readonly login: Buffer | null }> {
  const [row] = await on.query<{ master_key_id: string; login_secret: Buffer | null }>(
    'select master_key_id, login_secret from installation',
  );
  const key = masterKeys.find((one) => fingerprintOf(one) === row?.master_key_id);
  if (row !== undefined && key !== undefined) return { key, login: row.login_secret };
  throw raise(
    'config-invalid',
    'the database was set up with another master key: set MILLWRIGHT_MASTER_KEY or MILLWRIGHT_MASTER_KEY_FILE to ' +
      'that one, or MILLWRIGHT_DATA_DIR to the folder that holds it; while it is being replaced, also MILLWRIGHT_MASTER_KEY_OLD',
  );
}

/** From now on the newest master key is the installation's. Nobody's password changes. */
export async function adoptNewestKey(directory: Queries, keys: LoginKeys): Promise<void> {
  const [newest] = keys.masterKeys;
  if (newest === undefined) throw new Error('there is always a master key');
  const { key, login } = await setUpWith(directory, keys.masterKeys);
  if (key === newest) return;
  const [row] = await directory.query<{ database: string }>('select current_database() as database');
  const password =
    login === null ? runtimePassword(key, runtimeRoleOf(row?.database ?? '')) : keys.openLogin(login, key);
  await directory.query('update installation set master_key_id = $1, login_secret = $2', [
    fingerprintOf(newest),
    keys.sealLogin(password, newest),
  ]);
}
