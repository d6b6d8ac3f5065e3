import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, parseJson } from '../../base/json.ts';
import { writeDurably } from '../../base/durable.ts';
import { failed, reasonOf } from './failure.ts';

/** What `postgres.json` in the data folder says: which database is this installation's, and how to log in to it. */
export interface InstallationRecord {
  /** Tells this installation from every other on the machine. */
  readonly id: string;
  /** Where the database lives: relative to the data folder, so that it can be moved, or absolute. */
  readonly directory: string;
  readonly password: string;
}

const FILE = 'postgres.json';

export const newRecord = (directory: string, id: string = randomUUID()): InstallationRecord => ({
  id,
  directory,
  password: randomBytes(24).toString('base64url'),
});

/** The record in `dataDir`, or undefined when there is none. */
export async function readRecord(dataDir: string): Promise<InstallationRecord | undefined> {
  const path = join(dataDir, FILE);
  const text = await readText(path);
  if (text === undefined) return undefined;
  const parsed = parseJson(text);
  const value = 'value' in parsed ? parsed.value : undefined;
  if (isObject(value)) {
    const { id, directory, password } = value;
    if (typeof id === 'string' && typeof directory === 'string' && typeof password === 'string')
      return { id, directory, password };
  }
  throw failed(`${path} is damaged. Restore it, or move the whole folder away to begin with an empty database`);
}

export async function writeRecord(dataDir: string, record: InstallationRecord): Promise<void> {
  await writeDurably(join(dataDir, FILE), `${JSON.stringify(record, undefined, 2)}\n`);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    const hint = code === 'EACCES' ? '; run as the user who made it' : '';
    throw failed(`cannot read ${path}: ${reasonOf(error)}${hint}`, '', error);
  }
}
