import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';

const FOLDER = new URL('../../bench/results/', import.meta.url);

const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

/** The commit that is checked out, and whether anything but kept results differs from it. */
function commit(): string {
  const changed = git('status', '--porcelain', '--', ':/', ':(top,exclude)bench/results');
  return `${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : ' with changes'}`;
}

/** Prints what a proof found and keeps it with the commit it was found on. */
export function keepResult(name: string, holds: boolean, figures: Readonly<Record<string, unknown>>): void {
  const result = {
    proof: name,
    holds,
    at: new Date().toISOString(),
    commit: commit(),
    node: process.version,
    ...figures,
  };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL(`${name}.json`, FOLDER), `${JSON.stringify(result, null, 2)}\n`);
  console.log(JSON.stringify(result, null, 2));
  console.log(holds ? `${name}: holds` : `${name}: DOES NOT HOLD`);
  if (!holds) process.exitCode = 1;
}
