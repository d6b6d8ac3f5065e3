export { addTenant, type AddedTenant, type NewTenant } from './add-tenant.ts';
export { aheadOf, tryKey } from './try-key.ts';
