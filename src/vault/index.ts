export { addKey, currentKey, dropOlderKeys, fixedKeyring, openKeyring, type Keyring } from './keyring.ts';
export { loginKeysOf } from './login-keys.ts';
export { destroyDataKeys, forgetRetiredKeys, openVault, replaceDataKey, rewrapDataKeys, type Vault } from './vault.ts';
