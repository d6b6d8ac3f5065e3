export { addTenant, type AddedTenant, type NewTenant } from './add-tenant.ts';
