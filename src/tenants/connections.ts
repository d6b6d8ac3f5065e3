import type { Secret } from '../base/secret.ts';
import { raise } from '../errors.ts';
import type { TenantTransaction } from '../postgres/index.ts';

/** A tenant's access to one organisation at MaintainX. */
export interface Connection {
  readonly connectionId: string;
  readonly organizationId: string;
  readonly organizationName: string;
  /** Whether requests name the organisation in a header. */
  readonly sendsOrganization: boolean;
  readonly apiKey: Secret;
  /** Whose quota it uses, when a name for it was declared; null: its key's own. */
  readonly principal: string | null;
}

/** How secrets are sealed and opened; the vault, in production. */
export interface Sealer {
  seal(tx: TenantTransaction, identity: string, secret: Secret): Promise<Buffer>;
  open(tx: TenantTransaction, identity: string, sealed: Uint8Array): Promise<Secret>;
}

const identityOf = (connectionId: string): string => `connections/${connectionId}/api_key`;

export async function insertConnection(
  tx: TenantTransaction,
  sealer: Sealer,
  connection: Connection,
  now: number,
): Promise<void> {
  const sealed = await sealer.seal(tx, identityOf(connection.connectionId), connection.apiKey);
  await tx.query(
    `insert into connections (tenant_id, connection_id, organization_id, organization_name, sends_organization, api_key,
                              principal, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      tx.tenantId,
      connection.connectionId,
      connection.organizationId,
      connection.organizationName,
      connection.sendsOrganization,
      sealed,
      connection.principal,
      new Date(now),
    ],
  );
}

/** Puts another key in place of the tenant's. */
export async function replaceApiKey(
  tx: TenantTransaction,
  sealer: Sealer,
  { apiKey, sendsOrganization }: Pick<Connection, 'apiKey' | 'sendsOrganization'>,
): Promise<void> {
  const { connectionId } = await connectionOf(tx, sealer);
  await tx.query(
    `update connections set api_key = $3, sends_organization = $4 where tenant_id = $1 and connection_id = $2`,
    [tx.tenantId, connectionId, await sealer.seal(tx, identityOf(connectionId), apiKey), sendsOrganization],
  );
}

const noConnection = (): Error => raise('tenant-unknown', 'the tenant has no connection to MaintainX');

/** The tenant's connection. */
export async function connectionOf(tx: TenantTransaction, sealer: Sealer): Promise<Connection> {
  const [row] = await tx.query<{
    connection_id: string;
    organization_id: string;
    organization_name: string;
    sends_organization: boolean;
    api_key: Buffer;
    principal: string | null;
  }>(
    `select connection_id, organization_id, organization_name, sends_organization, api_key, principal from connections
     where tenant_id = $1 order by created_at limit 1`,
    [tx.tenantId],
  );
  if (row === undefined) throw noConnection();
  return {
    connectionId: row.connection_id,
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    sendsOrganization: row.sends_organization,
    apiKey: await sealer.open(tx, identityOf(row.connection_id), row.api_key),
    principal: row.principal,
  };
}

/** Seals the tenant's API keys anew. Answers how many. */
export async function resealApiKeys(tx: TenantTransaction, sealer: Sealer): Promise<number> {
  const rows = await tx.query<{ connection_id: string; api_key: Buffer }>(
    'select connection_id, api_key from connections where tenant_id = $1 order by connection_id for update',
    [tx.tenantId],
  );
  for (const { connection_id: id, api_key: sealed } of rows) {
    const apiKey = await sealer.open(tx, identityOf(id), sealed);
    await tx.query('update connections set api_key = $3 where tenant_id = $1 and connection_id = $2', [
      tx.tenantId,
      id,
      await sealer.seal(tx, identityOf(id), apiKey),
    ]);
  }
  return rows.length;
}

/** MaintainX's id of the tenant's organisation, for who needs no key. */
export async function organizationIdOf(tx: TenantTransaction): Promise<string> {
  const [row] = await tx.query<{ organization_id: string }>(
    'select organization_id from connections where tenant_id = $1 order by created_at limit 1',
    [tx.tenantId],
  );
  if (row === undefined) throw noConnection();
  return row.organization_id;
}
