import { memoryAudit, type MemoryAudit } from '../audit/index.ts';
import { Undo } from '../base/undo.ts';
import {
  acceptInMemory,
  emptyMemoryDeliveries,
  emptyMemoryRuns,
  memoryAccess,
  memoryCursors,
  memoryDeliveries,
  memoryHydrations,
  memoryRuns,
  memorySettings,
  type InboundStore,
  type InboundTransaction,
  type MemoryAccess,
  type MemoryCursors,
  type MemoryDeliveries,
  type MemoryHydrations,
  type MemoryRuns,
  type MemorySettings,
} from '../inbound/index.ts';
import {
  admitLeases,
  emptyMemoryLeases,
  memoryLeases,
  memoryLeaseTransaction,
  ORGANIZATION_LANES,
  TENANT_LANES,
  WHOLE_TENANT,
  type MemoryLeases,
  wakeMemoryLanes,
  type WorkLane,
} from '../jobs/index.ts';
import { memoryFiles, type MemoryFiles } from '../files/index.ts';
import { emptyMemoryLog, memoryLog, type MemoryLog } from '../log/index.ts';
import { memoryRecords, type MemoryRecords } from '../records/index.ts';

interface MemoryTenant {
  readonly log: MemoryLog;
  readonly records: MemoryRecords;
  readonly deliveries: MemoryDeliveries;
  readonly hydrations: MemoryHydrations;
  readonly cursors: MemoryCursors;
  readonly runs: MemoryRuns;
  readonly settings: MemorySettings;
  readonly access: MemoryAccess;
  readonly files: MemoryFiles;
  readonly audit: MemoryAudit;
  /** Transactions of a tenant run one after the other; this is the end of the queue. */
  last: Promise<unknown>;
}

/** The store's twin in memory: same promises, no durability. */
export interface MemoryStore extends InboundStore {
  /** Makes a tenant of one organisation with all its work due at `now`. */
  admit(tenantId: string, organizationId: string, now: number): void;
}

export function memoryStore(): MemoryStore {
  const tenants = new Map<string, MemoryTenant>();
  const leases = emptyMemoryLeases();
  let ticket = 0;
  const nextTicket = (): Promise<number> => Promise.resolve(++ticket);
  return {
    leases: memoryLeases(leases),
    nextTicket,
    admit: (tenantId, organizationId, now) => {
      tenants.set(tenantId, emptyTenant(organizationId));
      admitLeases(leases, { tenantId, organizationId: WHOLE_TENANT }, TENANT_LANES, now);
      admitLeases(leases, { tenantId, organizationId }, ORGANIZATION_LANES, now);
    },
    accept: async (deliveries) => {
      for (const { tenantId, ...delivery } of deliveries) {
        const tenant = tenants.get(tenantId) ?? emptyTenant('');
        // Behind the transaction under way, which would not see it.
        await tenant.last;
        acceptInMemory(tenant.deliveries, delivery);
        wakeMemoryLanes(leases, tenantId, new Map([['deliver', delivery.receivedAt]]));
      }
      return { woken: Promise.resolve(true) };
    },
    transact: (tenantId, work) => {
      // A tenant that nobody made has nothing, as under row-level security.
      const tenant = tenants.get(tenantId) ?? emptyTenant('');
      const result = tenant.last.then(() => transaction(leases, tenantId, tenant, nextTicket, work));
      tenant.last = result.catch(() => undefined);
      return result;
    },
  };
}

async function transaction<Result>(
  leases: MemoryLeases,
  tenantId: string,
  tenant: MemoryTenant,
  nextTicket: () => Promise<number>,
  work: (tx: InboundTransaction) => Promise<Result>,
): Promise<Result> {
  const undo = new Undo();
  const wakes = new Map<WorkLane, number>();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  try {
    const result = await work({
      nextTicket,
      leases: memoryLeaseTransaction(leases, wakes, ended),
      records: memoryRecords(tenant.records, undo),
      deliveries: memoryDeliveries(tenant.deliveries, undo),
      hydrations: memoryHydrations(tenant.hydrations, tenant.records, undo),
      cursors: memoryCursors(tenant.cursors, undo),
      runs: memoryRuns(tenant.runs, tenant.records, undo),
      settings: memorySettings(tenant.settings, undo),
      access: memoryAccess(tenant.access, undo),
      files: memoryFiles(tenant.files, undo),
      log: memoryLog(tenant.log, undo),
      audit: memoryAudit(tenantId, tenant.audit, undo),
    });
    wakeMemoryLanes(leases, tenantId, wakes);
    return result;
  } catch (error) {
    undo.rollBack();
    throw error;
  } finally {
    end();
  }
}

const emptyTenant = (organizationId: string): MemoryTenant => ({
  log: emptyMemoryLog(),
  records: new Map(),
  deliveries: emptyMemoryDeliveries(organizationId),
  hydrations: new Map(),
  cursors: new Map(),
  runs: emptyMemoryRuns(),
  settings: new Map(),
  access: new Map(),
  files: new Map(),
  audit: [],
  last: Promise.resolve(),
});
