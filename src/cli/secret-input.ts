import { readFileSync } from 'node:fs';
import { Secret } from '../base/secret.ts';
import { raise } from '../errors.ts';

/** Where a secret may come from. A file is better: other users of the machine can see arguments. */
export interface SecretInput {
  readonly secret: string | undefined;
  /** `-`: standard input. */
  readonly secretFile: string | undefined;
}

/** The secret from its file or its option `flag`; `name` is for people. */
export function readSecret(input: SecretInput, name: string, flag: string): Secret {
  const text = input.secretFile !== undefined ? contentsOf(input.secretFile, name).trim() : input.secret;
  if (text === undefined) throw raise('usage', `give the ${name} with ${flag}-file (or ${flag})`);
  if (!/^[\x21-\x7e]+$/.test(text)) throw raise('usage', `the ${name} must be one line of printable characters`);
  return new Secret(text);
}

function contentsOf(file: string, name: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw raise('usage', `the file with the ${name} cannot be read: ${file}`, {}, error);
  }
}
