export { addTenant, type AddedTenant } from './add-tenant.ts';
