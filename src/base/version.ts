import { readFileSync } from 'node:fs';
import { objectOf, parseStored } from './json.ts';

function version(): string {
  const manifest = objectOf(parseStored(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));
  return typeof manifest['version'] === 'string' ? manifest['version'] : 'unknown';
}

/** This package's version, as package.json has it. */
export const VERSION = version();
