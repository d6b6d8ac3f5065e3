import type { TenantTransaction } from '../postgres/index.ts';
import type { CursorStatements } from './statements.ts';

export function postgresCursors(tx: TenantTransaction): CursorStatements {
  return {
    watermark: async (organizationId, kind) => {
      const [row] = await tx.query<{ watermark: number }>(
        'select watermark from poll_cursors where tenant_id = $1 and organization_id = $2 and kind = $3',
        [tx.tenantId, organizationId, kind],
      );
      return row?.watermark ?? null;
    },
    polledAt: async (organizationId, kind) => {
      const [row] = await tx.query<{ polled_at: number }>(
        'select polled_at from poll_cursors where tenant_id = $1 and organization_id = $2 and kind = $3',
        [tx.tenantId, organizationId, kind],
      );
      return row?.polled_at ?? null;
    },
    saveWatermark: async (organizationId, kind, watermark, now) => {
      await tx.query(
        `insert into poll_cursors (tenant_id, organization_id, kind, watermark, polled_at) values ($1, $2, $3, $4, $5)
         on conflict (tenant_id, organization_id, kind) do update
           set watermark = greatest(poll_cursors.watermark, excluded.watermark), polled_at = excluded.polled_at`,
        [tx.tenantId, organizationId, kind, new Date(watermark), new Date(now)],
      );
    },
    lastPoll: async () => {
      const [row] = await tx.query<{ polled_at: number | null }>(
        'select min(polled_at) as polled_at from poll_cursors where tenant_id = $1',
        [tx.tenantId],
      );
      return row?.polled_at ?? null;
    },
  };
}
