export {
  addTenant,
  addTenantsOfKey,
  type AddedOfKey,
  type AddedTenant,
  type NewTenant,
  type NewTenants,
} from './add-tenant.ts';
export { aheadOf, tryKey } from './try-key.ts';
