import type { TenantTransaction } from '../postgres/index.ts';
import type { AccessStatements } from './statements.ts';

const KEY = '*';

export function postgresAccess(tx: TenantTransaction): AccessStatements {
  return {
    isEnded: async (organizationId) => {
      const ended = await tx.query(
        'select from connections where tenant_id = $1 and organization_id = $2 and ended_at is not null',
        [tx.tenantId, organizationId],
      );
      return ended.length > 0;
    },
    refusal: async (organizationId) => {
      const [row] = await tx.query<{ refused_since: number; retry_at: number; attempts: number; reason: string }>(
        `select refused_since, retry_at, attempts, reason from access
         where tenant_id = $1 and ($2::text is null or organization_id = $2) and scope = '${KEY}'
           and refused_since is not null order by refused_since limit 1`,
        [tx.tenantId, organizationId],
      );
      if (row === undefined) return null;
      return { since: row.refused_since, retryAt: row.retry_at, attempts: row.attempts, reason: row.reason };
    },
    refuse: async (organizationId, reason, now, retryAt) => {
      const [row] = await tx.query<{ attempts: number }>(
        `insert into access as a (tenant_id, organization_id, scope, refused_since, retry_at, attempts, reason)
         values ($1, $2, '${KEY}', $3, $4, 1, $5)
         on conflict (tenant_id, organization_id, scope) do update
           set refused_since = coalesce(a.refused_since, excluded.refused_since),
               retry_at = greatest(excluded.retry_at, a.retry_at), attempts = a.attempts + 1, reason = excluded.reason
         returning attempts`,
        [tx.tenantId, organizationId, new Date(now), new Date(retryAt), reason],
      );
      return row?.attempts === 1 ? 'first' : 'again';
    },
    claimTry: async (organizationId, now, until) => {
      const rows = await tx.query(
        `update access set retry_at = $4
         where tenant_id = $1 and organization_id = $2 and scope = '${KEY}' and refused_since is not null
           and retry_at <= $3 returning scope`,
        [tx.tenantId, organizationId, new Date(now), new Date(until)],
      );
      return rows.length > 0;
    },
    accept: async (organizationId) => {
      await tx.query(
        `update access set refused_since = null, retry_at = null, attempts = 0, reason = null
         where tenant_id = $1 and organization_id = $2 and scope = '${KEY}'`,
        [tx.tenantId, organizationId],
      );
    },
    noteChange: async (organizationId, scope, now) => {
      await tx.query(
        `insert into access (tenant_id, organization_id, scope, changed_at) values ($1, $2, $3, $4)
         on conflict (tenant_id, organization_id, scope) do update set changed_at = excluded.changed_at`,
        [tx.tenantId, organizationId, scope, new Date(now)],
      );
    },
    changedAt: async (organizationId, kind) => {
      const [row] = await tx.query<{ changed_at: number | null }>(
        `select max(changed_at) as changed_at from access
         where tenant_id = $1 and organization_id = $2 and scope in ('${KEY}', $3)`,
        [tx.tenantId, organizationId, kind],
      );
      return row?.changed_at ?? null;
    },
  };
}
