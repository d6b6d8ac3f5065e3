import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Sources } from './source.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PATTERNS = ['src/**/*.ts', 'test/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts', 'migrations/*.sql'];

/** The repository as it stands. */
export function readTree(): Sources {
  // A tool that is tried against us has an installation of its own.
  const files = globSync(PATTERNS, { cwd: ROOT, exclude: ['**/node_modules/**'] }).sort();
  return new Map(files.map((file) => [file, readFileSync(`${ROOT}/${file}`, 'utf8')]));
}
