import { randomBytes } from 'node:crypto';
import { Secret } from '../base/secret.ts';
import { raise } from '../errors.ts';
import type { TenantTransaction } from '../postgres/index.ts';
import { open, seal } from './envelope.ts';
import { currentKey, keyNamed, type Keyring } from './keyring.ts';

/**
 * Keeps tenants' secrets: each tenant has a data key, wrapped by a master key; each secret is bound to its row. A data key that
 * was replaced still opens for a while, for whoever had read a secret a moment before.
 */
export interface Vault {
  /** `identity` names the row and column, e.g. `connections/<id>/api_key`; the tenant is bound in besides. */
  seal(tx: TenantTransaction, identity: string, secret: Secret): Promise<Buffer>;
  open(tx: TenantTransaction, identity: string, sealed: Uint8Array): Promise<Secret>;
  /** Makes the tenant's data key; once, in the transaction that makes the tenant. */
  admit(tx: TenantTransaction, now: number): Promise<void>;
}

/** How one kind of secret is sealed anew: reads all that the tenant has, and writes them back. */
export type Reseal = (tx: TenantTransaction, vault: Vault) => Promise<number>;

interface KeyRow {
  key_no: number;
  wrapped_key: Buffer;
  master_key_id: string;
}

export function openVault(keyring: Keyring): Vault {
  /** Newest first. A tenant's keys are read again when none of them opens. */
  const dataKeys = new Map<string, readonly Buffer[]>();

  async function load(tx: TenantTransaction): Promise<readonly Buffer[]> {
    const rows = await tx.query<KeyRow>(
      'select key_no, wrapped_key, master_key_id from tenant_keys where tenant_id = $1 order by key_no desc',
      [tx.tenantId],
    );
    const keys = rows.map((row) => unwrapped(keyring, tx.tenantId, row));
    dataKeys.set(tx.tenantId, keys);
    return keys;
  }

  return {
    seal: async (tx, identity, secret) => {
      // Held until the commit: a rotation waits, and finds what is sealed here.
      await tx.query('select from tenant_keys where tenant_id = $1 for share', [tx.tenantId]);
      const [newest] = await load(tx);
      if (newest === undefined) throw noKey();
      return seal(newest, boundTo(tx, identity), Buffer.from(secret.reveal(), 'utf8'));
    },
    open: async (tx, identity, sealed) => {
      const known = opened(dataKeys.get(tx.tenantId) ?? [], boundTo(tx, identity), sealed);
      const plain = known ?? opened(await load(tx), boundTo(tx, identity), sealed);
      if (plain !== undefined) return plain;
      throw dataKeys.get(tx.tenantId)?.length === 0 ? noKey() : unreadable(identity);
    },
    admit: async (tx, now) => {
      keyring.refresh();
      await insertKey(tx, keyring, 1, now);
    },
  };
}

const noKey = (): Error => raise('secret-unreadable', 'the tenant has no data key');
const unreadable = (identity: string): Error =>
  raise('secret-unreadable', 'a stored secret cannot be decrypted with the keys there are', { identity });
const boundTo = (tx: TenantTransaction, identity: string): string => `${tx.tenantId}/${identity}`;
const wrapIdentity = (tenantId: string): string => `${tenantId}/data-key`;

function opened(keys: readonly Buffer[], identity: string, sealed: Uint8Array): Secret | undefined {
  for (const key of keys) {
    const plain = open(key, identity, sealed);
    if (plain !== undefined) return new Secret(plain.toString('utf8'));
  }
  return undefined;
}

function unwrapped(keyring: Keyring, tenantId: string, row: Pick<KeyRow, 'wrapped_key' | 'master_key_id'>): Buffer {
  const key = open(keyNamed(keyring, row.master_key_id).bytes, wrapIdentity(tenantId), row.wrapped_key);
  if (key === undefined) throw unreadable('data-key');
  return key;
}

async function insertKey(tx: TenantTransaction, keyring: Keyring, keyNo: number, now: number): Promise<void> {
  const master = currentKey(keyring);
  const wrapped = seal(master.bytes, wrapIdentity(tx.tenantId), randomBytes(32));
  await tx.query(
    'insert into tenant_keys (tenant_id, key_no, wrapped_key, master_key_id, created_at) values ($1, $2, $3, $4, $5)',
    [tx.tenantId, keyNo, wrapped, master.id, new Date(now)],
  );
}

/** Has the newest master key wrap the tenant's data keys. Answers how many it did not wrap yet. */
export async function rewrapDataKeys(tx: TenantTransaction, keyring: Keyring): Promise<number> {
  const master = currentKey(keyring);
  const rows = await tx.query<KeyRow>(
    `select key_no, wrapped_key, master_key_id from tenant_keys where tenant_id = $1 and master_key_id <> $2 for update`,
    [tx.tenantId, master.id],
  );
  for (const row of rows) {
    const wrapped = seal(master.bytes, wrapIdentity(tx.tenantId), unwrapped(keyring, tx.tenantId, row));
    await tx.query('update tenant_keys set wrapped_key = $3, master_key_id = $4 where tenant_id = $1 and key_no = $2', [
      tx.tenantId,
      row.key_no,
      wrapped,
      master.id,
    ]);
  }
  return rows.length;
}

/** Gives the tenant a new data key and seals all its secrets with it. Answers how many. */
export async function replaceDataKey(
  tx: TenantTransaction,
  vault: Vault,
  keyring: Keyring,
  reseals: readonly Reseal[],
  now: number,
): Promise<number> {
  // Alone: whoever seals meanwhile waits.
  const rows = await tx.query<{ key_no: number }>(
    'select key_no from tenant_keys where tenant_id = $1 order by key_no desc for update',
    [tx.tenantId],
  );
  await tx.query('update tenant_keys set retired_at = coalesce(retired_at, $2) where tenant_id = $1', [
    tx.tenantId,
    new Date(now),
  ]);
  await insertKey(tx, keyring, (rows[0]?.key_no ?? 0) + 1, now);
  let sealed = 0;
  for (const reseal of reseals) sealed += await reseal(tx, vault);
  return sealed;
}

/** Lets data keys go that were replaced before `since`. Answers how many. */
export async function forgetRetiredKeys(tx: TenantTransaction, since: number): Promise<number> {
  const gone = await tx.query('delete from tenant_keys where tenant_id = $1 and retired_at < $2 returning key_no', [
    tx.tenantId,
    new Date(since),
  ]);
  return gone.length;
}

/** What is sealed for this tenant is dead from the commit on, wherever copies of it lie. */
export async function destroyDataKeys(tx: TenantTransaction): Promise<void> {
  await tx.query('delete from tenant_keys where tenant_id = $1', [tx.tenantId]);
}
