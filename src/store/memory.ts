import { Undo } from '../base/undo.ts';
import {
  emptyMemoryDeliveries,
  memoryCursors,
  memoryDeliveries,
  memoryHydrations,
  memoryRuns,
  type InboundStore,
  type InboundTransaction,
  type MemoryCursors,
  type MemoryDeliveries,
  type MemoryHydrations,
  type MemoryRuns,
} from '../inbound/index.ts';
import {
  admitLeases,
  emptyMemoryLeases,
  memoryLeases,
  memoryLeaseTransaction,
  WORK_LANES,
  type MemoryLeases,
} from '../jobs/index.ts';
import { emptyMemoryLog, memoryLog, type MemoryLog } from '../log/index.ts';
import { memoryRecords, type MemoryRecords } from '../records/index.ts';

interface MemoryTenant {
  readonly log: MemoryLog;
  readonly records: MemoryRecords;
  readonly deliveries: MemoryDeliveries;
  readonly hydrations: MemoryHydrations;
  readonly cursors: MemoryCursors;
  readonly runs: MemoryRuns;
  /** Transactions of a tenant run one after the other; this is the end of the queue. */
  last: Promise<unknown>;
}

/** The store's twin in memory: same promises, no durability. */
export interface MemoryStore extends InboundStore {
  /** Makes a tenant with all its work due at `now`. */
  admit(tenantId: string, now: number): void;
}

export function memoryStore(): MemoryStore {
  const tenants = new Map<string, MemoryTenant>();
  const leases = emptyMemoryLeases();
  let ticket = 0;
  return {
    leases: memoryLeases(leases),
    nextTicket: () => Promise.resolve(++ticket),
    admit: (tenantId, now) => {
      tenants.set(tenantId, emptyTenant());
      admitLeases(leases, tenantId, WORK_LANES, now);
    },
    transact: (tenantId, work) => {
      // A tenant that nobody made has nothing, as under row-level security.
      const tenant = tenants.get(tenantId) ?? emptyTenant();
      const result = tenant.last.then(() => transaction(leases, tenantId, tenant, work));
      tenant.last = result.catch(() => undefined);
      return result;
    },
  };
}

async function transaction<Result>(
  leases: MemoryLeases,
  tenantId: string,
  tenant: MemoryTenant,
  work: (tx: InboundTransaction) => Promise<Result>,
): Promise<Result> {
  const undo = new Undo();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  try {
    return await work({
      leases: memoryLeaseTransaction(leases, tenantId, undo, ended),
      records: memoryRecords(tenant.records, undo),
      deliveries: memoryDeliveries(tenant.deliveries, undo),
      hydrations: memoryHydrations(tenant.hydrations, undo),
      cursors: memoryCursors(tenant.cursors, undo),
      runs: memoryRuns(tenant.runs, undo),
      log: memoryLog(tenant.log, undo),
    });
  } catch (error) {
    undo.rollBack();
    throw error;
  } finally {
    end();
  }
}

const emptyTenant = (): MemoryTenant => ({
  log: emptyMemoryLog(),
  records: new Map(),
  deliveries: emptyMemoryDeliveries(),
  hydrations: new Map(),
  cursors: new Map(),
  runs: new Map(),
  last: Promise.resolve(),
});
