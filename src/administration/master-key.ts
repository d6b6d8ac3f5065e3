import { note, type Actor } from '../audit/index.ts';
import { adoptNewestKey } from '../postgres/index.ts';
import { listTenants } from '../tenants/index.ts';
import { currentKey, loginKeysOf, rewrapDataKeys, type Keyring } from '../vault/index.ts';
import { INSTALLATION, type Office } from './office.ts';

export interface MasterKeyReport {
  /** The key that wraps all from now on. */
  readonly keyId: string;
  /** Data keys that another key had wrapped. */
  readonly rewrapped: number;
  readonly tenants: number;
}

/**
 * Has the newest master key wrap every data key, tenant by tenant while everything goes on; killed in the middle, it goes on where
 * it was when it is called again. When it resolves, no older master key is needed any more.
 */
export async function adoptMasterKey(office: Office, keyring: Keyring, by: Actor): Promise<MasterKeyReport> {
  const { database, clock } = office;
  const keyId = currentKey(keyring).id;
  let [rewrapped, tenants] = [0, 0];
  // Until a round finds nothing: a process that had not heard of the new key may have added a tenant meanwhile.
  for (let found = -1; found !== 0; rewrapped += found) {
    found = 0;
    const all = await listTenants(database);
    tenants = all.length;
    for (const { tenantId } of all) found += await database.withTenant(tenantId, (tx) => rewrapDataKeys(tx, keyring));
  }
  await adoptNewestKey(database.directory, loginKeysOf(keyring));
  await database.withTenant(INSTALLATION, (tx) =>
    note(tx, { ...by, action: 'rotateMasterKey', target: keyId, before: null, after: { rewrapped } }, clock.now()),
  );
  return { keyId, rewrapped, tenants };
}
