import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestDatabase } from './database.ts';
import { TEST_MASTER_KEY } from './setup-database.ts';

/** The command as npm installs it. */
export const BIN = fileURLToPath(new URL('../bin/millwright.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as a user does. */
export async function millwright(
  args: readonly string[],
  input = '',
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [BIN, ...args], { env: { PATH: '/usr/bin:/bin', ...env } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.end(input);
  await once(child, 'close');
  return { code: child.exitCode, out, err };
}

/** The environment of commands over a test's database. */
export const environmentOf = (test: TestDatabase): Readonly<Record<string, string>> => ({
  DATABASE_URL: test.runtimeUrl.reveal(),
  MILLWRIGHT_MIGRATE_URL: test.ownerUrl.reveal(),
  MILLWRIGHT_MASTER_KEY: TEST_MASTER_KEY.reveal(),
});
