import type { TenantTransaction } from '../postgres/index.ts';
import type { Kind } from '../maintainx/index.ts';
import type { CursorStatements } from './statements.ts';

interface CursorRow {
  watermark: number;
  polled_at: number;
  succeeded_at: number | null;
}

export function postgresCursors(tx: TenantTransaction): CursorStatements {
  const row = async (organizationId: string, kind: Kind): Promise<CursorRow | undefined> => {
    const rows = await tx.query<CursorRow>(
      `select watermark, polled_at, succeeded_at from poll_cursors
       where tenant_id = $1 and organization_id = $2 and kind = $3`,
      [tx.tenantId, organizationId, kind],
    );
    return rows[0];
  };
  return {
    watermark: async (organizationId, kind) => (await row(organizationId, kind))?.watermark ?? null,
    polledAt: async (organizationId, kind) => (await row(organizationId, kind))?.polled_at ?? null,
    succeededAt: async (organizationId, kind) => (await row(organizationId, kind))?.succeeded_at ?? null,
    saveWatermark: async (organizationId, kind, watermark, now) => {
      await tx.query(
        `insert into poll_cursors (tenant_id, organization_id, kind, watermark, polled_at, succeeded_at)
         values ($1, $2, $3, $4, $5, $5)
         on conflict (tenant_id, organization_id, kind) do update
           set watermark = greatest(poll_cursors.watermark, excluded.watermark), polled_at = excluded.polled_at,
               succeeded_at = excluded.succeeded_at`,
        [tx.tenantId, organizationId, kind, new Date(watermark), new Date(now)],
      );
    },
    attempted: async (organizationId, kind, now) => {
      await tx.query(
        'update poll_cursors set polled_at = $4 where tenant_id = $1 and organization_id = $2 and kind = $3',
        [tx.tenantId, organizationId, kind, new Date(now)],
      );
    },
    lastPoll: async (organizationId) => {
      const [first] = await tx.query<{ polled_at: number | null }>(
        `select min(polled_at) as polled_at from poll_cursors
         where tenant_id = $1 and ($2::text is null or organization_id = $2)`,
        [tx.tenantId, organizationId],
      );
      return first?.polled_at ?? null;
    },
  };
}
