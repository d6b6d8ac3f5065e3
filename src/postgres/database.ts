import pg from 'pg';
import type { Secret } from '../base/secret.ts';
import { allOver } from '../base/all-over.ts';
import { systemClock } from '../base/clock.ts';
import { raise } from '../errors.ts';
import { GatheringSocket } from './gathering-socket.ts';
import { createTenantTurns, type TenantTurns } from './tenant-turns.ts';

/** Runs SQL with parameters `$1 …`; rows come as plain objects. int8 arrives as number, timestamptz as epoch ms, json as text. */
export interface Queries {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A transaction in the context of one tenant: all it sees and writes is that tenant's. */
export interface TenantTransaction extends Queries {
  readonly tenantId: string;
}

/** The database as the runtime role. Tenant data is reached through `withTenant` alone. */
export interface Database {
  /** Directory tables, outside any tenant. */
  readonly directory: Queries;
  /** Runs `work` in one transaction over directory tables. */
  inDirectory<Result>(work: (tx: Queries) => Promise<Result>): Promise<Result>;
  /** Runs `work` in one transaction as `tenantId`; commits when it resolves, rolls back when it rejects. */
  withTenant<Result>(tenantId: string, work: (tx: TenantTransaction) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

const INT8 = 20;
const JSON_TEXT = 114;
const TIMESTAMPTZ = 1184;
type Parser = (text: string) => unknown;
const parsers: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [INT8, Number],
  [JSON_TEXT, (text) => text],
  [TIMESTAMPTZ, (text) => new Date(text).getTime()],
]);

/** pg types its own parsers as any. */
const builtIn = (oid: number): Parser => pg.types.getTypeParser(oid) as Parser;

const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: (oid: number): Parser => parsers.get(oid) ?? builtIn(oid),
};

export interface DatabaseOptions {
  readonly url: Secret;
  /** Most connections of this process. */
  readonly connections: number;
  readonly onError: (error: Error) => void;
  /** How many of them the tenant may have at once; null: half. Asked now and then, in a transaction of the tenant. */
  readonly mostOf?: (tx: TenantTransaction) => Promise<number | null>;
}

/** Opens a pool as the runtime role. Connections are made on first use. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url.reveal(),
    application_name: 'millwright',
    max: options.connections,
    types: typeParsers,
    keepAlive: true,
    // Statements of a transaction that do not need each other's answers are sent together: see `transaction`.
    pipeline: true,
    stream: () => new GatheringSocket(),
    // All statements are short: compiling one costs more than running it. Each has an index that it is to read in its order, also
    // while its table is empty or, as in a first copy, nobody has analyzed it yet: a plan that is kept from then must be as good
    // when the table is full, and the next page must not have all that follows read and sorted. And it is kept from
    // the first time on: else many a statement over a list is planned anew each time, which takes longer than to run it.
    options: '-c jit=off -c enable_seqscan=off -c enable_bitmapscan=off -c plan_cache_mode=force_generic_plan',
    connectionTimeoutMillis: 10_000,
    // A paused process must not hold locks for ever (RELIABILITY A5); a slow statement must not hold the pool.
    idle_in_transaction_session_timeout: 15_000,
    statement_timeout: 60_000,
  });
  pool.on('error', options.onError);
  const inTurn = tenantTurns(options);
  return {
    directory: { query: (text, values) => run(pool, text, values) },
    // Outside any tenant nothing would hold back a statement that came without its transaction: the work waits for that.
    inDirectory: (work) => transaction(pool, 'begin', (tx, begun) => begun.then(() => work(tx))),
    withTenant: (tenantId, work) =>
      inTurn(tenantId, (learn) =>
        // The work's first statement is not kept waiting: until the tenant is named it would see nobody's rows and write none.
        transaction(pool, `begin; select set_config('app.tenant', ${pg.escapeLiteral(tenantId)}, true)`, async (tx) => {
          const own = { tenantId, ...tx };
          await learn(own);
          return work(own);
        }),
      ),
    close: () => pool.end(),
  };
}

/** How long a tenant waits for its own transactions, as everybody does for a connection. */
const PATIENCE_MS = 10_000;
/** How long it is believed how many a tenant may have. */
const MOST_KNOWN_MS = 60_000;

/** No tenant has all connections of the process, however much is asked for it at once. */
function tenantTurns({ connections, mostOf }: DatabaseOptions) {
  const turns = createTenantTurns();
  const chosen = new Map<string, { readonly most: number | null; readonly until: number }>();
  const learn = async (tx: TenantTransaction): Promise<void> => {
    const now = systemClock.now();
    if (mostOf === undefined || (chosen.get(tx.tenantId)?.until ?? 0) > now) return;
    // First: others that begin meanwhile need not ask too.
    chosen.set(tx.tenantId, { most: chosen.get(tx.tenantId)?.most ?? null, until: now + MOST_KNOWN_MS });
    chosen.set(tx.tenantId, { most: await mostOf(tx), until: now + MOST_KNOWN_MS });
  };
  return async <Result>(
    tenantId: string,
    work: (learn: (tx: TenantTransaction) => Promise<void>) => Promise<Result>,
  ): Promise<Result> => {
    const most = Math.min(connections, chosen.get(tenantId)?.most ?? Math.max(1, Math.floor(connections / 2)));
    const over = turns.tryTake(tenantId, most) ?? (await waited(turns, tenantId, most));
    try {
      return await work(learn);
    } finally {
      over();
    }
  };
}

async function waited(turns: TenantTurns, tenantId: string, most: number): Promise<() => void> {
  const done = new AbortController();
  const late = new AbortController();
  void systemClock.sleep(PATIENCE_MS, done.signal).then(() => late.abort('too long'));
  const over = await turns.take(tenantId, most, late.signal);
  done.abort('its turn');
  if (over === undefined)
    throw raise('database-unavailable', 'too much is asked of the database for this tenant at once');
  return over;
}

async function transaction<Result>(
  pool: pg.Pool,
  opening: string,
  work: (tx: Queries, begun: Promise<unknown>) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect().catch((error: unknown) => {
    throw unavailable(error);
  });
  let broken = false;
  // Without a listener, a connection that breaks while it is in use ends the process.
  const onLoss = (): void => void (broken = true);
  client.on('error', onLoss);
  try {
    const begun = run(client, opening);
    const worked = work({ query: (text, values) => run(client, text, values) }, begun);
    const [, result] = await allOver([begun, worked]);
    await run(client, 'commit');
    return result;
  } catch (error) {
    // A connection whose rollback fails is in an unknown state and is thrown away, as is one whose parsed statements are of
    // a time before a migration.
    if (sqlState(error) === OUTDATED_STATEMENT) broken = true;
    await client.query('rollback').catch(() => (broken = true));
    throw error;
  } finally {
    client.off('error', onLoss);
    client.release(broken);
  }
}

/** A table that a parsed statement reads from has other columns now. */
const OUTDATED_STATEMENT = '0A000';
/** Statements that a connection keeps parsed; more of them would be texts that are put together anew each time. */
const MOST_PREPARED = 1_000;
const names = new Map<string, string>();

/** The same name for the same text: each connection then parses it once. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MOST_PREPARED) return known;
  const name = `millwright_${names.size}`;
  names.set(text, name);
  return name;
}

async function run<Row extends object>(
  on: pg.Pool | pg.PoolClient,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  try {
    // Without values it may be several statements in one text, which cannot be prepared.
    const name = values.length > 0 ? nameOf(text) : undefined;
    const result = await on.query<Row>({ text, values: [...values], ...(name === undefined ? {} : { name }) });
    return result.rows;
  } catch (error) {
    throw isConnectionLoss(error) ? unavailable(error) : error;
  }
}

const unavailable = (cause: unknown): Error => raise('database-unavailable', 'PostgreSQL does not answer', {}, cause);

/** SQLSTATE of an error of PostgreSQL, e.g. `23505`. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/**
 * Connection exceptions (08), refused logins (28), a read-only database (25006), an idle transaction that was ended (25P03), a
 * full disk and other lack (53), operator intervention (57P0x), trouble of the machine (58), and whatever is not PostgreSQL's
 * word.
 */
function isConnectionLoss(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || /^(08|28|25006|25P03|53|57P0|58)/.test(state);
}
