import type { TenantTransaction } from '../postgres/index.ts';
import { WORK_LANES } from './lease.ts';

/** Makes the lanes of a new tenant, all due at once. */
export async function insertLanes(tx: TenantTransaction, now: number): Promise<void> {
  await tx.query(
    'insert into tenant_leases (tenant_id, lane, due_at) select $1, lane, $3 from unnest($2::text[]) as l (lane)',
    [tx.tenantId, WORK_LANES, new Date(now)],
  );
}
