import pg from 'pg';
import type { Secret } from '../base/secret.ts';
import { systemClock } from '../base/clock.ts';
import { isCoded } from '../base/coded-error.ts';
import { raise } from '../errors.ts';
import { openDatabase, sqlState, type Database, type DatabaseOptions, type Queries } from './database.ts';
import { loginPassword, type LoginKeys } from './login.ts';
import { migrate, oneAtATime } from './migrate.ts';
import { noteHome } from './restored.ts';
import { ensureRuntimeRole, runtimeRoleOf, setPassword, standing, urlFor } from './roles.ts';

export interface ConnectOptions {
  /** Owner or runtime login. */
  readonly url: Secret;
  /** Owner login when `url` is the runtime role. */
  readonly migrateUrl?: Secret | undefined;
  readonly keys: LoginKeys;
  readonly connections: number;
  /** What the embedded server's folder is on its disk; null: the server is another. */
  readonly folder?: string | null;
  readonly mostOf?: DatabaseOptions['mostOf'];
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
    ...(options.mostOf === undefined ? {} : { mostOf: options.mostOf }),
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
    return runtimeUrl(owner, role, await migrateAs(owner, role, options), options);
  });
  await refuseMight(runtime);
  return runtime;
}

/** Answers the password that the role has, if it was made here. */
async function migrateAs(owner: pg.Client, role: string, options: ConnectOptions): Promise<Secret> {
  const ran = await migrate(owner, role);
  if (ran.length > 0) options.log('migrated the database', { migrations: ran });
  const queries: Queries = {
    query: async <Row extends object>(text: string, values?: readonly unknown[]) =>
      (await owner.query<Row>(text, [...(values ?? [])])).rows,
  };
  if (await noteHome(queries, systemClock.now(), options.folder ?? null))
    options.log(
      'the database was restored from a backup: nothing is written to MaintainX until `millwright restored release`',
    );
  return loginPassword(queries, role, options.keys);
}

/** Logs in as the runtime role; only when that fails is its password set, so that running processes keep theirs. */
async function runtimeUrl(owner: pg.Client, role: string, password: Secret, options: ConnectOptions): Promise<Secret> {
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
