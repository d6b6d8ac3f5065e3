export { connectionOf, insertConnection, replaceApiKey, type Connection } from './connections.ts';
export { insertTenant, listTenants, setTenantState, tenantByName, type Tenant } from './registry.ts';
