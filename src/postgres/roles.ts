import { createHmac } from 'node:crypto';
import pg from 'pg';
import { raise } from '../errors.ts';
import { Secret } from '../base/secret.ts';
import { sqlState } from './database.ts';

const UNDEFINED_OBJECT = '42704';
const INSUFFICIENT_PRIVILEGE = '42501';
const DUPLICATE_OBJECT = '42710';
const UNIQUE_VIOLATION = '23505';

/** Name of the login under which everything is served. Roles belong to the cluster, so the database's name is in it. */
export const runtimeRoleOf = (database: string): string => `${database}_runtime`.slice(-63);

/**
 * The runtime role's password: derived, so that every process of the installation finds the same one and no file
 * has to hold it.
 */
export function runtimePassword(masterKey: Secret, role: string): Secret {
  return new Secret(createHmac('sha256', masterKey.reveal()).update(`runtime role ${role}`).digest('base64url'));
}

/** The same server and database, another login. */
export function urlFor(url: Secret, role: string, password: Secret): Secret {
  const parsed = new URL(url.reveal());
  parsed.username = role;
  parsed.password = password.reveal();
  return new Secret(parsed.toString());
}

export interface Standing {
  readonly database: string;
  readonly login: string;
  readonly superuser: boolean;
  readonly bypassesRls: boolean;
  /** Owns at least one of our tables, or the database. */
  readonly owner: boolean;
}

/** Who this connection is. */
export async function standing(client: pg.Client): Promise<Standing> {
  const { rows } = await client.query<{
    database: string;
    login: string;
    superuser: boolean;
    bypasses: boolean;
    owner: boolean;
  }>(
    `select current_database() as database, current_user as login, r.rolsuper as superuser, r.rolbypassrls as bypasses,
            exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname = 'public' and c.relname in ('events', 'schema_migrations') and c.relowner = r.oid)
              or exists (select from pg_database d where d.datname = current_database() and d.datdba = r.oid) as owner
     from pg_roles r where r.rolname = current_user`,
  );
  const row = rows[0];
  if (row === undefined) throw raise('internal', 'the current role is not in pg_roles');
  return {
    database: row.database,
    login: row.login,
    superuser: row.superuser,
    bypassesRls: row.bypasses,
    owner: row.owner,
  };
}

/** Makes the runtime login role if it is not there. */
export async function ensureRuntimeRole(owner: pg.Client, role: string): Promise<void> {
  const { rows } = await owner.query('select from pg_roles where rolname = $1', [role]);
  if (rows.length > 0) return;
  const name = pg.escapeIdentifier(role);
  const sql = `create role ${name} login nosuperuser nobypassrls nocreatedb nocreaterole noinherit`;
  try {
    await owner.query(sql);
  } catch (error) {
    const state = sqlState(error);
    if (state === DUPLICATE_OBJECT || state === UNIQUE_VIOLATION) return; // another process was first
    if (state !== INSUFFICIENT_PRIVILEGE) throw error;
    throw raise(
      'database-role-missing',
      `this login may not create roles. As an administrator, run: ${sql} password '…'; then set DATABASE_URL to that ` +
        'role and MILLWRIGHT_MIGRATE_URL to this login',
      { sql },
      error,
    );
  }
}

/** Sets the role's password to `password`. */
export async function setPassword(owner: pg.Client, role: string, password: Secret): Promise<void> {
  try {
    await owner.query(`alter role ${pg.escapeIdentifier(role)} password ${pg.escapeLiteral(password.reveal())}`);
  } catch (error) {
    if (sqlState(error) === UNDEFINED_OBJECT || sqlState(error) === INSUFFICIENT_PRIVILEGE)
      throw raise('database-role-missing', `the role ${role} cannot be given a password by this login`, {}, error);
    throw error;
  }
}
