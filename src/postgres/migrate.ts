import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { sha256 } from '../base/hash.ts';
import { raise } from '../errors.ts';

const FOLDER = new URL('../../migrations/', import.meta.url);
/** Any number, the same in every process. */
const LOCK = 4_021_970;

/** Of all processes that set up this database, one works and the others wait. */
export async function oneAtATime<Result>(owner: pg.Client, work: () => Promise<Result>): Promise<Result> {
  await owner.query('select pg_advisory_lock($1)', [LOCK]);
  try {
    return await work();
  } finally {
    await owner.query('select pg_advisory_unlock($1)', [LOCK]);
  }
}

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

async function migrations(): Promise<readonly Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, FOLDER), 'utf8');
      return { name, sql, checksum: sha256(sql).toString('hex') };
    }),
  );
}

/**
 * Brings the schema up to date and gives `runtimeRole` its rights. Runs as the owner; safe to run by many processes at
 * once and after a kill in the middle. Returns the names of the migrations that it ran.
 */
export function migrate(owner: pg.Client, runtimeRole: string): Promise<readonly string[]> {
  return oneAtATime(owner, async () => {
    await owner.query(
      `create table if not exists schema_migrations (
         name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
    );
    const applied = await appliedMigrations(owner);
    const known = await migrations();
    refuseStrangers(applied, known);
    const pending = known.filter((one) => !applied.has(one.name));
    for (const one of pending) await apply(owner, one);
    await grantPrivileges(owner, runtimeRole);
    return pending.map((one) => one.name);
  });
}

async function appliedMigrations(owner: pg.Client): Promise<ReadonlyMap<string, string>> {
  const { rows } = await owner.query<{ name: string; checksum: string }>(
    'select name, checksum from schema_migrations',
  );
  return new Map(rows.map((row) => [row.name, row.checksum]));
}

function refuseStrangers(applied: ReadonlyMap<string, string>, known: readonly Migration[]): void {
  const checksums = new Map(known.map((one) => [one.name, one.checksum]));
  for (const [name, checksum] of applied) {
    if (!checksums.has(name))
      throw raise('database-not-ours', `the database ran ${name}, which this version does not know`);
    if (checksums.get(name) !== checksum)
      throw raise('database-not-ours', `${name} was changed after the database ran it`);
  }
}

async function apply(owner: pg.Client, one: Migration): Promise<void> {
  await owner.query('begin');
  try {
    await owner.query(one.sql);
    await owner.query('insert into schema_migrations (name, checksum) values ($1, $2)', [one.name, one.checksum]);
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}

async function grantPrivileges(owner: pg.Client, runtimeRole: string): Promise<void> {
  const sql = await readFile(new URL('runtime-privileges.sql', FOLDER), 'utf8');
  await owner.query(sql.replaceAll(':runtime', pg.escapeIdentifier(runtimeRole)));
}
