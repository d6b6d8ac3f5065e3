export {
  connectionOf,
  insertConnection,
  organizationIdOf,
  replaceApiKey,
  resealApiKeys,
  type Connection,
} from './connections.ts';
export {
  beginErasure,
  eraseSomeRows,
  eraseTenantRow,
  insertTenant,
  listTenants,
  lockTenant,
  setTenantState,
  tenantById,
  tenantByName,
  tenantsToErase,
  type Tenant,
} from './registry.ts';
