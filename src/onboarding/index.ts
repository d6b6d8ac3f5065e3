export {
  addTenant,
  addTenantsOfKey,
  triedConnection,
  type AddedOfKey,
  type AddedTenant,
  type NewConnection,
  type NewTenant,
  type NewTenants,
} from './add-tenant.ts';
export { aheadOf, tryKey } from './try-key.ts';
