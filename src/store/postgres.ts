import { postgresAudit } from '../audit/index.ts';
import { systemClock, type Clock } from '../base/clock.ts';
import {
  insertDeliveries,
  postgresAccess,
  postgresCursors,
  postgresDeliveries,
  postgresHydrations,
  postgresRuns,
  postgresSettings,
  type InboundStore,
  type InboundTransaction,
} from '../inbound/index.ts';
import { createWaker, postgresLeases, postgresLeaseTransaction, wakeAfterCommit, type Wakes } from '../jobs/index.ts';
import { postgresFiles } from '../files/index.ts';
import { postgresLog, type LogStatements } from '../log/index.ts';
import { sqlState, type Database, type Queries, type TenantTransaction } from '../postgres/index.ts';
import { postgresRecords } from '../records/index.ts';

/** Serialization failure, deadlock, and a row that another transaction inserted first. */
const CONFLICTS: ReadonlySet<string | undefined> = new Set(['40001', '40P01', '23505']);
const MOST_TRIES = 5;

/** The store over PostgreSQL. */
export function postgresStore(database: Database, clock: Clock = systemClock): InboundStore {
  const waker = createWaker(database.directory, 'deliver', clock);
  return {
    leases: postgresLeases(database.directory),
    transact: (tenantId, work) => transactWhole(database, tenantId, (tx) => work(tx)),
    accept: async (deliveries) => {
      await withRetries(() => insertDeliveries(database.directory, deliveries));
      const tenants = [...new Set(deliveries.map((one) => one.tenantId))];
      return { woken: waker.wake(tenants, Math.min(...deliveries.map((one) => one.receivedAt))) };
    },
    nextTicket: () => nextTicket(database.directory),
  };
}

/** One transaction of the store, whose statements and any others of the tenant happen together or not at all. */
export async function transactWhole<Result>(
  database: Database,
  tenantId: string,
  work: (tx: InboundTransaction, whole: TenantTransaction) => Promise<Result>,
): Promise<Result> {
  const wakes: Wakes = new Map();
  const result = await withRetries(() => database.withTenant(tenantId, (tx) => work(statements(tx, wakes), tx)));
  // The transaction is committed, whatever becomes of this; a lost wake is made up for by the lanes' regular look.
  await wakeAfterCommit(database.directory, tenantId, wakes).catch(() => undefined);
  return result;
}

async function nextTicket(on: Queries): Promise<number> {
  const [row] = await on.query<{ ticket: number }>('select nextval($1) as ticket', ['observation_tickets']);
  if (row === undefined) throw new Error('a sequence gave no number');
  return row.ticket;
}

/** One transaction's statements, each from the folder that owns its table. */
const statements = (tx: TenantTransaction, wakes: Wakes): InboundTransaction => ({
  nextTicket: () => nextTicket(tx),
  leases: postgresLeaseTransaction(tx, wakes),
  records: postgresRecords(tx),
  files: postgresFiles(tx),
  deliveries: postgresDeliveries(tx),
  hydrations: postgresHydrations(tx),
  cursors: postgresCursors(tx),
  runs: postgresRuns(tx),
  settings: postgresSettings(tx),
  access: postgresAccess(tx),
  log: waking(postgresLog(tx), wakes),
  audit: postgresAudit(tx),
});

/** How long the figures may be behind: not every event is to be counted by itself. */
const FIGURES_BEHIND_MS = 2_000;

/** Whoever appends wakes the lane that counts. */
const waking = (log: LogStatements, wakes: Wakes): LogStatements => ({
  ...log,
  append: (events) => {
    const [first] = events;
    if (first !== undefined) wakes.set('figures', first.recordedAt + FIGURES_BEHIND_MS);
    return log.append(events);
  },
});

async function withRetries<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= MOST_TRIES || !CONFLICTS.has(sqlState(error))) throw error;
    }
  }
}
