export { addTenant, type AddedTenant } from './add-tenant.ts';
export { replaceKey } from './replace-key.ts';
