/**
 * Checks that every package in package-lock.json, for production and for development, has a licence that goes with
 * Apache-2.0. Prints the offenders and exits 1, or says how many packages were looked at.
 *
 *     node tools/check-licences.ts
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isObject } from '../src/base/json.ts';
import { isAllowedLicence } from './licence-expression.ts';

const ALLOWED: ReadonlySet<string> = new Set([
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'ISC',
  'PostgreSQL',
]);

/** Packages whose licence is not on the list, each with the reason why it may be here. Development only. */
const EXCEPTIONS: readonly { readonly name: RegExp; readonly licence: string; readonly reason: string }[] = [
  {
    name: /^lightningcss(-|$)/,
    licence: 'MPL-2.0',
    reason: 'comes with vite, which comes with vitest; runs in tests and builds, unchanged, and is not shipped',
  },
];

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression; undefined when the package states none. */
  readonly licence: string | undefined;
  /** Whether only development needs it, so that it is in nothing that we publish. */
  readonly development: boolean;
}

/** One line for each package whose licence is neither allowed nor excepted. */
export function offenders(packages: readonly InstalledPackage[]): readonly string[] {
  return packages
    .filter(({ licence }) => licence === undefined || !isAllowedLicence(licence, ALLOWED))
    .filter((one) => !isExcepted(one))
    .map(({ name, version, licence, development }) => {
      const where = development ? 'development' : 'production';
      return `${name}@${version} (${where}): ${licence ?? 'states no licence'}`;
    });
}

function isExcepted({ name, licence, development }: InstalledPackage): boolean {
  return development && EXCEPTIONS.some((one) => one.name.test(name) && one.licence === licence);
}

/** The packages of a lock file. Where one is installed its own package.json is believed, else the lock's word. */
export function packagesOf(lock: unknown, manifestAt: (path: string) => unknown): readonly InstalledPackage[] {
  const entries = isObject(lock) && isObject(lock['packages']) ? Object.entries(lock['packages']) : [];
  return entries.flatMap(([path, entry]) => {
    if (path === '' || !isObject(entry) || entry['link'] === true) return [];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return {
      name: typeof entry['name'] === 'string' ? entry['name'] : name,
      version: typeof entry['version'] === 'string' ? entry['version'] : 'unknown',
      licence: licenceIn(manifestAt(path)) ?? licenceIn(entry),
      development: entry['dev'] === true,
    };
  });
}

/** The `license` of a package.json, in its present form or in one of the two old ones. */
function licenceIn(manifest: unknown): string | undefined {
  if (!isObject(manifest)) return undefined;
  const { license, licenses } = manifest;
  if (typeof license === 'string') return license;
  if (isObject(license)) return typeof license['type'] === 'string' ? license['type'] : undefined;
  if (!Array.isArray(licenses)) return undefined;
  const types = licenses.map((one: unknown) => (isObject(one) && typeof one['type'] === 'string' ? one['type'] : ''));
  return `(${types.join(' OR ')})`;
}

function main(): void {
  const root = fileURLToPath(new URL('../', import.meta.url));
  const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
  const packages = packagesOf(read(`${root}package-lock.json`), (path) => {
    const manifest = `${root}${path}/package.json`;
    return existsSync(manifest) ? read(manifest) : undefined;
  });
  const found = packages.length === 0 ? ['package-lock.json names no packages'] : offenders(packages);
  for (const line of found) console.error(line);
  if (found.length === 0) console.log(`licences: ${packages.length} packages, all allowed`);
  else console.error(`licences: ${found.length} of ${packages.length} packages not allowed`);
  process.exitCode = found.length === 0 ? 0 : 1;
}

if (import.meta.main) main();
