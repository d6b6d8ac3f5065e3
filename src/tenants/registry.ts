import { raise } from '../errors.ts';
import { sqlState, type Database, type Queries, type TenantTransaction } from '../postgres/index.ts';

export interface Tenant {
  readonly tenantId: string;
  /** Lower-case letters, digits and dashes. */
  readonly name: string;
  readonly state: TenantState;
  readonly stateReason: string | null;
  readonly createdAt: number;
}

/** `paused` keeps its data and takes webhooks in, no work is done · `erasing` is being taken away, for good. */
export type TenantState = 'active' | 'paused' | 'erasing';

interface TenantRow {
  tenant_id: string;
  name: string;
  state: TenantState;
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

export async function tenantById(database: Database, tenantId: string): Promise<Tenant> {
  const rows = await database.directory.query<TenantRow>(`select ${COLUMNS} from tenants where tenant_id = $1`, [
    tenantId,
  ]);
  const found = rows.map(tenantOf)[0];
  if (found === undefined) throw raise('tenant-unknown', 'there is no such tenant any more');
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

/** The tenant of this transaction, held until it ends. */
export async function lockTenant(tx: TenantTransaction): Promise<Tenant> {
  const rows = await tx.query<TenantRow>(`select ${COLUMNS} from tenants where tenant_id = $1 for update`, [
    tx.tenantId,
  ]);
  const found = rows.map(tenantOf)[0];
  if (found === undefined) throw raise('tenant-unknown', 'there is no such tenant any more');
  return found;
}

/** Chooses for how many of its organisations a lane is at work at once; null: nothing is chosen. */
export async function setTenantWorkers(tx: TenantTransaction, workers: number | null): Promise<void> {
  await tx.query('update tenants set workers = $2 where tenant_id = $1', [tx.tenantId, workers]);
}

/** Has the tenant of this transaction worked for, or not. */
export async function setTenantState(
  tx: TenantTransaction,
  state: 'active' | 'paused',
  reason: string | null,
): Promise<void> {
  await tx.query('update tenants set state = $2, state_reason = $3 where tenant_id = $1', [tx.tenantId, state, reason]);
}

/** From the commit on nobody works for the tenant of this transaction, and it is to be erased. */
export async function beginErasure(tx: TenantTransaction, now: number): Promise<void> {
  await tx.query(
    `update tenants set state = 'erasing', state_reason = null, erased_since = coalesce(erased_since, $2) where tenant_id = $1`,
    [tx.tenantId, new Date(now)],
  );
}

/** Tenants that are being erased, and since when (epoch milliseconds). */
export async function tenantsToErase(
  directory: Queries,
): Promise<readonly { readonly tenantId: string; readonly name: string; readonly since: number }[]> {
  const rows = await directory.query<{ tenant_id: string; name: string; erased_since: number }>(
    `select tenant_id, name, erased_since from tenants where state = 'erasing' order by tenant_id`,
  );
  return rows.map((row) => ({ tenantId: row.tenant_id, name: row.name, since: row.erased_since }));
}

/** Deletes some of the tenant's rows, in every table that has any. Answers whether any went: none when it is gone, or is not being erased. */
export async function eraseSomeRows(directory: Queries, tenantId: string, most: number): Promise<boolean> {
  try {
    const [row] = await directory.query<{ went: number }>('select erase_some($1, $2) as went', [tenantId, most]);
    return (row?.went ?? 0) > 0;
  } catch (error) {
    // Another process was faster, and nothing of the tenant is left.
    if (sqlState(error) === RAISED) return false;
    throw error;
  }
}

/** What the database's own functions raise; `erase_some` does when the tenant is not being erased. */
const RAISED = 'P0001';

/** Takes the tenant's own row away. False: it was gone. */
export async function eraseTenantRow(on: Queries, tenantId: string): Promise<boolean> {
  const [row] = await on.query<{ gone: boolean }>('select erase_tenant($1) as gone', [tenantId]);
  return row?.gone === true;
}

const tenantOf = (row: TenantRow): Tenant => ({
  tenantId: row.tenant_id,
  name: row.name,
  state: row.state,
  stateReason: row.state_reason,
  createdAt: row.created_at,
});
