import { raise } from '../errors.ts';
import { sqlState, type Database, type TenantTransaction } from '../postgres/index.ts';

export interface Tenant {
  readonly tenantId: string;
  /** Lower-case letters, digits and dashes. */
  readonly name: string;
  readonly state: 'active' | 'paused';
  readonly stateReason: string | null;
  readonly createdAt: number;
}

interface TenantRow {
  tenant_id: string;
  name: string;
  state: 'active' | 'paused';
  state_reason: string | null;
  created_at: number;
}

const COLUMNS = 'tenant_id, name, state, state_reason, created_at';
const UNIQUE_VIOLATION = '23505';
const CHECK_VIOLATION = '23514';

export async function listTenants(database: Database): Promise<readonly Tenant[]> {
  const rows = await database.directory.query<TenantRow>(`select ${COLUMNS} from tenants order by name`);
  return rows.map(tenantOf);
}

export async function tenantByName(database: Database, name: string): Promise<Tenant> {
  const rows = await database.directory.query<TenantRow>(`select ${COLUMNS} from tenants where name = $1`, [name]);
  const found = rows.map(tenantOf)[0];
  if (found === undefined) throw raise('tenant-unknown', `there is no tenant called "${name}"`);
  return found;
}

/** Makes the tenant's row; runs in the transaction that makes all the rest of it. */
export async function insertTenant(tx: TenantTransaction, name: string, now: number): Promise<void> {
  try {
    await tx.query(`insert into tenants (tenant_id, name, state, created_at) values ($1, $2, 'active', $3)`, [
      tx.tenantId,
      name,
      new Date(now),
    ]);
  } catch (error) {
    const state = sqlState(error);
    if (state === UNIQUE_VIOLATION) throw raise('tenant-exists', `there is a tenant called "${name}" already`);
    if (state === CHECK_VIOLATION)
      throw raise('usage', 'a tenant name is 1 to 63 lower-case letters, digits and dashes, not starting with a dash');
    throw error;
  }
}

/** A paused tenant keeps its data and accepts webhooks; no work is done for it. */
export async function setTenantState(
  database: Database,
  tenantId: string,
  state: Tenant['state'],
  reason: string | null,
): Promise<void> {
  await database.directory.query('update tenants set state = $2, state_reason = $3 where tenant_id = $1', [
    tenantId,
    state,
    reason,
  ]);
}

const tenantOf = (row: TenantRow): Tenant => ({
  tenantId: row.tenant_id,
  name: row.name,
  state: row.state,
  stateReason: row.state_reason,
  createdAt: row.created_at,
});
