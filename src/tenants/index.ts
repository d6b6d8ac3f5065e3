export { connectionOf, insertConnection, type Connection, type Sealer } from './connections.ts';
export { insertTenant, listTenants, setTenantState, tenantByName, type Tenant } from './registry.ts';
