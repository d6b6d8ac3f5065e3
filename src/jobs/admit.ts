import type { TenantTransaction } from '../postgres/index.ts';
import { ORGANIZATION_LANES, TENANT_LANES, WHOLE_TENANT, type WorkLane } from './lease.ts';

/** Makes the lanes of a new tenant, due at once; those of its organisations come with them. */
export const insertTenantLanes = (tx: TenantTransaction, now: number): Promise<void> =>
  insertLanes(tx, WHOLE_TENANT, TENANT_LANES, now);

/** Makes the lanes of one more organisation, due at once. Those that are there already, are due at once. */
export const insertOrganizationLanes = (tx: TenantTransaction, organizationId: string, now: number): Promise<void> =>
  insertLanes(tx, organizationId, ORGANIZATION_LANES, now);

/** Takes an organisation's lanes from whoever holds them: what it has not committed is not done. They are due at once. */
export async function takeLanesBack(tx: TenantTransaction, organizationId: string, now: number): Promise<void> {
  await tx.query(
    // For update: whoever has fenced its transaction ends it first.
    `with taken as materialized (
       select lane from tenant_leases where tenant_id = $1 and organization_id = $2 order by lane for update
     )
     update tenant_leases l set epoch = epoch + 1, holder = null, held_until = null, due_at = $3
     from taken t where l.tenant_id = $1 and l.organization_id = $2 and l.lane = t.lane`,
    [tx.tenantId, organizationId, new Date(now)],
  );
}

async function insertLanes(
  tx: TenantTransaction,
  organizationId: string,
  lanes: readonly WorkLane[],
  now: number,
): Promise<void> {
  await tx.query(
    `insert into tenant_leases (tenant_id, organization_id, lane, due_at)
     select $1, $2, lane, $4 from unnest($3::text[]) as l (lane)
     on conflict (tenant_id, lane, organization_id) do update set due_at = excluded.due_at`,
    [tx.tenantId, organizationId, lanes, new Date(now)],
  );
}
