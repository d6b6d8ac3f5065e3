export { keptMasterKey } from './master-key.ts';
export { openVault, type Vault } from './vault.ts';
