import { randomBytes } from 'node:crypto';
import { sha256 } from '../base/hash.ts';
import { Secret } from '../base/secret.ts';
import { raise } from '../errors.ts';
import type { TenantTransaction } from '../postgres/index.ts';
import { open, seal } from './envelope.ts';
import { masterKeyBytes } from './master-key.ts';

/** Keeps tenants' secrets: each tenant has a data key, wrapped by the master key; each secret is bound to its row. */
export interface Vault {
  /** `identity` names the row and column, e.g. `connections/<id>/api_key`; the tenant is bound in besides. */
  seal(tx: TenantTransaction, identity: string, secret: Secret): Promise<Buffer>;
  open(tx: TenantTransaction, identity: string, sealed: Uint8Array): Promise<Secret>;
  /** Makes the tenant's data key; once, in the transaction that makes the tenant. */
  admit(tx: TenantTransaction, now: number): Promise<void>;
}

export function openVault(masterKey: Secret): Vault {
  const master = masterKeyBytes(masterKey);
  const masterId = sha256(master).toString('hex').slice(0, 16);
  const dataKeys = new Map<string, Buffer>();

  async function dataKey(tx: TenantTransaction): Promise<Buffer> {
    const known = dataKeys.get(tx.tenantId);
    if (known !== undefined) return known;
    const [row] = await tx.query<{ wrapped_key: Buffer }>('select wrapped_key from tenant_keys');
    if (row === undefined) throw raise('secret-unreadable', 'the tenant has no data key');
    const key = open(master, wrapIdentity(tx.tenantId), row.wrapped_key);
    dataKeys.set(tx.tenantId, key);
    return key;
  }

  return {
    seal: async (tx, identity, secret) =>
      seal(await dataKey(tx), `${tx.tenantId}/${identity}`, Buffer.from(secret.reveal(), 'utf8')),
    open: async (tx, identity, sealed) =>
      new Secret(open(await dataKey(tx), `${tx.tenantId}/${identity}`, sealed).toString('utf8')),
    admit: async (tx, now) => {
      const wrapped = seal(master, wrapIdentity(tx.tenantId), randomBytes(32));
      await tx.query(
        'insert into tenant_keys (tenant_id, wrapped_key, master_key_id, created_at) values ($1, $2, $3, $4)',
        [tx.tenantId, wrapped, masterId, new Date(now)],
      );
    },
  };
}

const wrapIdentity = (tenantId: string): string => `${tenantId}/data-key`;
