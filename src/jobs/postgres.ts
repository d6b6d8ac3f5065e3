import { raise } from '../errors.ts';
import type { Queries, TenantTransaction } from '../postgres/index.ts';
import { NEVER, type LeaseStatements, type LeaseTransaction } from './lease.ts';

/** A claim moves due_at to the end of time, so that whatever wakes the lane while it is held is not lost at release. */
export function postgresLeases(directory: Queries): LeaseStatements {
  return {
    claim: async (lane, holder, now, leaseMs, tenantId) => {
      const rows = await directory.query<{ tenant_id: string; epoch: number }>(
        `update tenant_leases set holder = $2, epoch = epoch + 1, held_until = $4, due_at = $5
         where (tenant_id, lane) = (
           select l.tenant_id, l.lane from tenant_leases l join tenants t using (tenant_id)
           where l.lane = $1 and l.due_at <= $3 and (l.held_until is null or l.held_until < $3) and t.state = 'active'
             and ($6::uuid is null or l.tenant_id = $6)
           order by l.due_at limit 1 for update of l skip locked)
         returning tenant_id, epoch`,
        [lane, holder, new Date(now), new Date(now + leaseMs), new Date(NEVER), tenantId],
      );
      const [row] = rows;
      return row === undefined ? undefined : { tenantId: row.tenant_id, lane, epoch: row.epoch };
    },
    renew: async (lease, now, leaseMs) => {
      const rows = await directory.query(
        `update tenant_leases set held_until = $4 where tenant_id = $1 and lane = $2 and epoch = $3 returning epoch`,
        [lease.tenantId, lease.lane, lease.epoch, new Date(now + leaseMs)],
      );
      return rows.length > 0;
    },
    release: async (lease, dueAt) => {
      await directory.query(
        `update tenant_leases set holder = null, held_until = null, due_at = least(due_at, $4)
         where tenant_id = $1 and lane = $2 and epoch = $3`,
        [lease.tenantId, lease.lane, lease.epoch, new Date(dueAt)],
      );
    },
  };
}

export function postgresLeaseTransaction(tx: TenantTransaction): LeaseTransaction {
  return {
    fence: async (lease) => {
      const rows = await tx.query(
        'select from tenant_leases where tenant_id = $1 and lane = $2 and epoch = $3 for share',
        [lease.tenantId, lease.lane, lease.epoch],
      );
      if (rows.length === 0) throw raise('lease-lost', `another process took over ${lease.lane}`);
    },
    wake: async (lane, at) => {
      await tx.query('update tenant_leases set due_at = $3 where tenant_id = $1 and lane = $2 and due_at > $3', [
        tx.tenantId,
        lane,
        new Date(at),
      ]);
    },
  };
}
