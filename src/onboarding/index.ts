export { addTenant, type AddedTenant, type NewTenant } from './add-tenant.ts';
export { replaceKey } from './replace-key.ts';
