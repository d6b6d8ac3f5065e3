import pg from 'pg';
import { sha256 } from '../base/hash.ts';
import type { Secret } from '../base/secret.ts';
import { isCoded } from '../base/coded-error.ts';
import { raise } from '../errors.ts';
import { openDatabase, sqlState, type Database } from './database.ts';
import { migrate, oneAtATime } from './migrate.ts';
import { ensureRuntimeRole, runtimePassword, runtimeRoleOf, setPassword, standing, urlFor } from './roles.ts';

export interface ConnectOptions {
  /** Owner or runtime login. */
  readonly url: Secret;
  /** Owner login when `url` is the runtime role. */
  readonly migrateUrl?: Secret | undefined;
  readonly masterKey: Secret;
  readonly connections: number;
  readonly log: (message: string, details?: Record<string, unknown>) => void;
}

/**
 * From a URL to a database that is migrated and served by a role that owns nothing. Never serves as owner or superuser.
 */
export async function connect(options: ConnectOptions): Promise<Database> {
  const runtime = await prepare(options);
  return openDatabase({
    url: runtime,
    connections: options.connections,
    onError: (error) => options.log('a database connection was lost', { reason: error.message }),
  });
}

async function prepare(options: ConnectOptions): Promise<Secret> {
  if (options.migrateUrl !== undefined) {
    const { login } = await asClient(options.url, standing);
    await asClient(options.migrateUrl, (owner) => migrateAs(owner, login, options));
    await refuseMight(options.url);
    return options.url;
  }
  const runtime = await asClient(options.url, async (owner) => {
    const { database } = await standing(owner);
    const role = runtimeRoleOf(database);
    await ensureRuntimeRole(owner, role);
    await migrateAs(owner, role, options);
    return runtimeUrl(owner, role, options);
  });
  await refuseMight(runtime);
  return runtime;
}

async function migrateAs(owner: pg.Client, role: string, options: ConnectOptions): Promise<void> {
  const ran = await migrate(owner, role);
  if (ran.length > 0) options.log('migrated the database', { migrations: ran });
  await refuseOtherMasterKey(owner, options.masterKey);
}

/** A command with another master key could read no secret and would lock running processes out by a new password. */
async function refuseOtherMasterKey(owner: pg.Client, masterKey: Secret): Promise<void> {
  const fingerprint = sha256('master key', masterKey.reveal()).toString('hex').slice(0, 16);
  await owner.query('update installation set master_key_id = $1 where master_key_id is null', [fingerprint]);
  const { rows } = await owner.query('select from installation where master_key_id = $1', [fingerprint]);
  if (rows.length === 0)
    throw raise(
      'config-invalid',
      'the database was set up with another master key: set MILLWRIGHT_MASTER_KEY or MILLWRIGHT_MASTER_KEY_FILE to ' +
        'that one, or MILLWRIGHT_DATA_DIR to the folder that holds it',
    );
}

/** Logs in as the runtime role; only when that fails is its password set, so that running processes keep theirs. */
async function runtimeUrl(owner: pg.Client, role: string, options: ConnectOptions): Promise<Secret> {
  const password = runtimePassword(options.masterKey, role);
  const url = urlFor(options.url, role, password);
  await oneAtATime(owner, async () => {
    if (!(await canLogIn(url))) await setPassword(owner, role, password);
  });
  return url;
}

async function canLogIn(url: Secret): Promise<boolean> {
  try {
    await asClient(url, () => Promise.resolve());
    return true;
  } catch (error) {
    if (isCoded(error, 'database-unavailable')) return false;
    throw error;
  }
}

/** The role that serves must not be able to step around row-level security. */
async function refuseMight(url: Secret): Promise<void> {
  const { login, superuser, bypassesRls, owner } = await asClient(url, standing);
  if (superuser || bypassesRls || owner)
    throw raise(
      'config-invalid',
      `DATABASE_URL logs in as ${login}, which owns the tables or steps around row-level security; leave out ` +
        'MILLWRIGHT_MIGRATE_URL to have a runtime role made, or name one here',
    );
}

async function asClient<Result>(url: Secret, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({
    connectionString: url.reveal(),
    application_name: 'millwright start-up',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined); // the query that was under way rejects
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    const reason = sqlState(error) ?? (error instanceof Error ? error.message : 'unknown');
    throw raise('database-unavailable', `PostgreSQL does not let us in: ${reason}`, {}, error);
  }
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
