import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeDurably } from '../base/durable.ts';
import { Secret } from '../base/secret.ts';
import { raise } from '../errors.ts';
import { masterKeyOf, type MasterKey } from './master-key.ts';

/** The master keys of this installation: the first one wraps, all of them open. */
export interface Keyring {
  /** Newest first; never empty. */
  readonly keys: () => readonly MasterKey[];
  /** Looks again where they come from: another process may have put a new one there. */
  readonly refresh: () => void;
  /** The file that holds them; null: they come from the environment, where only people can change them. */
  readonly file: string | null;
}

/** Where the master keys are, as the settings say: in the environment, in a file of that name, or else in the data folder. */
export function openKeyring(settings: {
  readonly masterKey: Secret | undefined;
  readonly oldMasterKeys: readonly Secret[] | undefined;
  readonly masterKeyFile: string | undefined;
  readonly dataDir: string;
}): Keyring {
  const { masterKey, oldMasterKeys = [], masterKeyFile, dataDir } = settings;
  if (masterKey === undefined && oldMasterKeys.length > 0)
    throw raise('config-invalid', 'MILLWRIGHT_MASTER_KEY_OLD needs MILLWRIGHT_MASTER_KEY, the key that replaces it');
  if (masterKey !== undefined) return fixedKeyring(masterKey, ...oldMasterKeys);
  return masterKeyFile === undefined ? keptKeyring(dataDir) : fileKeyring(masterKeyFile);
}

/** Keys that stay what they are while this process lives. */
export function fixedKeyring(current: Secret, ...older: readonly Secret[]): Keyring {
  const keys = [current, ...older].map(masterKeyOf);
  return { keys: () => keys, refresh: () => undefined, file: null };
}

/** Keys in a file, one a line, the newest first. */
function fileKeyring(file: string): Keyring {
  let keys = keysIn(file);
  return { keys: () => keys, refresh: () => void (keys = keysIn(file)), file };
}

/** The keys in `<dataDir>/master.key`, of which the first is made on first use, readable by this user alone. */
function keptKeyring(dataDir: string): Keyring {
  const path = join(dataDir, 'master.key');
  if (readText(path) === undefined) makeFirst(path);
  return fileKeyring(path);
}

/** The key that wraps. */
export function currentKey(keyring: Keyring): MasterKey {
  const [current] = keyring.keys();
  if (current === undefined) throw new Error('a keyring is never empty');
  return current;
}

/** The key of this id, also when it was put there a moment ago. Throws `secret-unreadable` when it is not to be had. */
export function keyNamed(keyring: Keyring, id: string): MasterKey {
  const named = (): MasterKey | undefined => keyring.keys().find((key) => key.id === id);
  const found = named();
  if (found !== undefined) return found;
  keyring.refresh();
  const fresh = named();
  if (fresh !== undefined) return fresh;
  const advice = 'set MILLWRIGHT_MASTER_KEY_OLD to it until `millwright keys rotate` has run';
  throw raise('secret-unreadable', `secrets are wrapped by a master key (${id}) that is not here: ${advice}`);
}

/** Puts a new key before those in the file; from then on it wraps. */
export async function addKey(file: string): Promise<void> {
  await writeKeys(file, [newKey(), ...linesIn(file)]);
}

/** Takes all but the newest key out of the file. */
export async function dropOlderKeys(file: string): Promise<void> {
  await writeKeys(file, linesIn(file).slice(0, 1));
}

const newKey = (): string => randomBytes(32).toString('base64');

async function writeKeys(file: string, lines: readonly string[]): Promise<void> {
  try {
    await writeDurably(file, `${lines.join('\n')}\n`);
  } catch (error) {
    throw raise('config-invalid', `the master key file ${file} cannot be written`, {}, error);
  }
}

const keysIn = (file: string): readonly MasterKey[] => linesIn(file).map((line) => masterKeyOf(new Secret(line)));

function linesIn(file: string): readonly string[] {
  const lines = (readText(file) ?? '').split('\n').map((line) => line.trim());
  const kept = lines.filter((line) => line !== '');
  if (kept.length === 0) throw raise('config-invalid', `the master key file ${file} cannot be read, or is empty`);
  return kept;
}

function makeFirst(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  // Written aside and linked, so that of two first starts both read one whole key.
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${newKey()}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw raise('config-invalid', `the master key file ${path} cannot be read`, {}, error);
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
