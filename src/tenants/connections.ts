import type { Secret } from '../base/secret.ts';
import { raise } from '../errors.ts';
import type { TenantTransaction } from '../postgres/index.ts';

/** A tenant's access to one organisation at MaintainX. A tenant has one of each of its organisations. */
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

/** A connection without its key. */
export interface ConnectionState extends Pick<
  Connection,
  'connectionId' | 'organizationId' | 'organizationName' | 'principal'
> {
  readonly createdAt: number;
  /** Since when no work is done for it; null: it is at work. */
  readonly endedAt: number | null;
  /** Why MaintainX refuses its key; null: it does not. */
  readonly refusal: string | null;
}

/** How secrets are sealed and opened; the vault, in production. */
export interface Sealer {
  seal(tx: TenantTransaction, identity: string, secret: Secret): Promise<Buffer>;
  open(tx: TenantTransaction, identity: string, sealed: Uint8Array): Promise<Secret>;
}

const identityOf = (connectionId: string): string => `connections/${connectionId}/api_key`;

/** One that was ended is taken up again under its old id. Answers the id; undefined: it is there and at work. */
export async function insertConnection(
  tx: TenantTransaction,
  sealer: Sealer,
  connection: Connection,
  now: number,
): Promise<string | undefined> {
  const [ended] = await tx.query<{ connection_id: string }>(
    'select connection_id from connections where tenant_id = $1 and organization_id = $2 and ended_at is not null',
    [tx.tenantId, connection.organizationId],
  );
  const connectionId = ended?.connection_id ?? connection.connectionId;
  const sealed = await sealer.seal(tx, identityOf(connectionId), connection.apiKey);
  const [made] = await tx.query<{ connection_id: string }>(
    `insert into connections as c (tenant_id, connection_id, organization_id, organization_name, sends_organization, api_key,
                                   principal, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (tenant_id, organization_id) do update
       set organization_name = excluded.organization_name, sends_organization = excluded.sends_organization,
           api_key = excluded.api_key, principal = excluded.principal, ended_at = null
       where c.ended_at is not null
     returning connection_id`,
    [
      tx.tenantId,
      connectionId,
      connection.organizationId,
      connection.organizationName,
      connection.sendsOrganization,
      sealed,
      connection.principal,
      new Date(now),
    ],
  );
  return made?.connection_id;
}

/** Puts another key in place of a connection's. */
export async function replaceApiKey(
  tx: TenantTransaction,
  sealer: Sealer,
  connectionId: string,
  { apiKey, sendsOrganization }: Pick<Connection, 'apiKey' | 'sendsOrganization'>,
): Promise<void> {
  await tx.query(
    `update connections set api_key = $3, sends_organization = $4
     where tenant_id = $1 and connection_id = $2 and ended_at is null`,
    [tx.tenantId, connectionId, await sealer.seal(tx, identityOf(connectionId), apiKey), sendsOrganization],
  );
}

/** Forgets the key for good; nothing is done for the connection any more. */
export async function endConnection(tx: TenantTransaction, connectionId: string, now: number): Promise<void> {
  await tx.query(
    `update connections set ended_at = $3, api_key = '' where tenant_id = $1 and connection_id = $2 and ended_at is null`,
    [tx.tenantId, connectionId, new Date(now)],
  );
}

/** The tenant's connections, the oldest first; those that were ended last. */
export async function listConnections(tx: TenantTransaction): Promise<readonly ConnectionState[]> {
  const rows = await tx.query<{
    connection_id: string;
    organization_id: string;
    organization_name: string;
    principal: string | null;
    created_at: number;
    ended_at: number | null;
    refusal: string | null;
  }>(
    `select c.connection_id, c.organization_id, c.organization_name, c.principal, c.created_at, c.ended_at, a.reason as refusal
     from connections c
     left join access a on (a.tenant_id, a.organization_id, a.scope) = (c.tenant_id, c.organization_id, '*')
                       and a.refused_since is not null and c.ended_at is null
     where c.tenant_id = $1 order by c.ended_at is not null, c.created_at, c.connection_id`,
    [tx.tenantId],
  );
  return rows.map((row) => ({
    connectionId: row.connection_id,
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    principal: row.principal,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    refusal: row.refusal,
  }));
}

/** Organisations for which work is done, the oldest connection first. */
export async function organizationIdsOf(tx: TenantTransaction): Promise<readonly string[]> {
  const all = await listConnections(tx);
  return all.filter(({ endedAt }) => endedAt === null).map(({ organizationId }) => organizationId);
}

/** MaintainX's id of the organisation that is meant: the one asked for, or the only one. Rejects with `usage` or `not-found`. */
export const organizationMeant = async (tx: TenantTransaction, asked: string | undefined): Promise<string> =>
  (await connectionMeant(tx, asked)).organizationId;

/** The same for its connection, without opening the key. */
export async function connectionMeant(tx: TenantTransaction, asked: string | undefined): Promise<ConnectionState> {
  const all = await listConnections(tx);
  const living = all.filter(({ endedAt }) => endedAt === null);
  const found = asked === undefined ? living[0] : all.find(({ organizationId }) => organizationId === asked);
  if (asked !== undefined && found === undefined)
    throw raise('not-found', `the tenant has no connection to organisation ${asked}`);
  if (found === undefined) throw raise('tenant-unknown', 'the tenant has no connection to MaintainX');
  if (asked === undefined && living.length > 1)
    throw raise(
      'usage',
      `the tenant has ${living.length} organisations: ${living.map(inWords).join(', ')}; say which is meant`,
    );
  return found;
}

const inWords = ({ organizationId, organizationName }: ConnectionState): string =>
  `${organizationId} (${organizationName})`;

/** The tenant's connection to one organisation, with its key; undefined: there is none, or it was ended. */
export async function connectionTo(
  tx: TenantTransaction,
  sealer: Sealer,
  organizationId: string,
): Promise<Connection | undefined> {
  const [row] = await tx.query<{
    connection_id: string;
    organization_name: string;
    sends_organization: boolean;
    api_key: Buffer;
    principal: string | null;
  }>(
    `select connection_id, organization_name, sends_organization, api_key, principal from connections
     where tenant_id = $1 and organization_id = $2 and ended_at is null`,
    [tx.tenantId, organizationId],
  );
  if (row === undefined) return undefined;
  return {
    connectionId: row.connection_id,
    organizationId,
    organizationName: row.organization_name,
    sendsOrganization: row.sends_organization,
    apiKey: await sealer.open(tx, identityOf(row.connection_id), row.api_key),
    principal: row.principal,
  };
}

/** The same for the connection that is meant, see `connectionMeant`. */
export async function openConnection(
  tx: TenantTransaction,
  sealer: Sealer,
  asked: string | undefined,
): Promise<Connection> {
  const { organizationId } = await connectionMeant(tx, asked);
  const found = await connectionTo(tx, sealer, organizationId);
  if (found === undefined) throw raise('not-found', `the connection to organisation ${organizationId} was ended`);
  return found;
}

/** Seals the tenant's API keys anew. Answers how many. */
export async function resealApiKeys(tx: TenantTransaction, sealer: Sealer): Promise<number> {
  const rows = await tx.query<{ connection_id: string; api_key: Buffer }>(
    `select connection_id, api_key from connections where tenant_id = $1 and ended_at is null
     order by connection_id for update`,
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
