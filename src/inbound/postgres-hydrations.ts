import type { TenantTransaction } from '../postgres/index.ts';
import type { RecordKey } from '../records/index.ts';
import { isKind } from '../maintainx/index.ts';
import { READ_REASONS, type Hydration, type HydrationStatements, type ReadReason, type Wish } from './statements.ts';
import { mergeWishes, MOST_EXPLANATIONS } from './wishes.ts';

interface HydrationRow {
  organization_id: string;
  kind: string;
  record_id: string;
  reason: ReadReason;
  wanted: number;
  explained_by: string[];
  attempts: number;
  wished_at: number;
  due_at: number;
}

export function postgresHydrations(tx: TenantTransaction): HydrationStatements {
  const about = (key: RecordKey): readonly unknown[] => [tx.tenantId, key.organizationId, key.kind, key.recordId];
  const KEY = 'tenant_id = $1 and organization_id = $2 and kind = $3 and record_id = $4';
  return {
    want: (wishes, ticket, now) => want(tx, mergeWishes(wishes), ticket, now),
    due: async (now, limit) => {
      const rows = await tx.query<HydrationRow>(
        `select organization_id, kind, record_id, reason, wanted, explained_by, attempts, wished_at, due_at
         from hydrations
         where tenant_id = $1 and parked_reason is null and due_at <= $2 order by priority, wanted limit $3`,
        [tx.tenantId, new Date(now), limit],
      );
      return rows.map(hydrationOf);
    },
    nextDueAt: async () => {
      const [row] = await tx.query<{ due_at: number | null }>(
        'select min(due_at) as due_at from hydrations where tenant_id = $1 and parked_reason is null',
        [tx.tenantId],
      );
      return row?.due_at ?? null;
    },
    oldestWishAt: async () => {
      const [row] = await tx.query<{ wished_at: number | null }>(
        'select min(wished_at) as wished_at from hydrations where tenant_id = $1 and parked_reason is null',
        [tx.tenantId],
      );
      return row?.wished_at ?? null;
    },
    fulfil: async (key, readBegan) => {
      await tx.query(`delete from hydrations where ${KEY} and wanted < $5`, [...about(key), readBegan]);
    },
    postpone: async (key, dueAt) => {
      await tx.query(`update hydrations set attempts = attempts + 1, due_at = $5 where ${KEY}`, [
        ...about(key),
        new Date(dueAt),
      ]);
    },
    park: async (key, reason) => {
      await tx.query(`update hydrations set attempts = attempts + 1, parked_reason = $5 where ${KEY}`, [
        ...about(key),
        reason,
      ]);
    },
    counts: async () => {
      const [row] = await tx.query<{ waiting: number; parked: number }>(
        `select count(*) filter (where parked_reason is null) as waiting,
                count(*) filter (where parked_reason is not null) as parked
         from hydrations where tenant_id = $1`,
        [tx.tenantId],
      );
      return row ?? { waiting: 0, parked: 0 };
    },
  };
}

async function want(tx: TenantTransaction, merged: readonly Wish[], ticket: number, now: number): Promise<void> {
  if (merged.length === 0) return;
  await tx.query(
    `insert into hydrations as h (tenant_id, organization_id, kind, record_id, reason, priority, wanted,
                                      explained_by, wished_at, due_at)
         select $1, organization_id, kind, record_id, reason, priority, $7, explained_by::uuid[], $8, $8
         from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[], $9::text[])
           as w (organization_id, kind, record_id, reason, priority, explained_by)
         order by organization_id, kind, record_id
         on conflict (tenant_id, organization_id, kind, record_id) do update
           set wanted = greatest(h.wanted, excluded.wanted),
               reason = case when excluded.priority < h.priority then excluded.reason else h.reason end,
               priority = least(excluded.priority, h.priority),
               explained_by = (h.explained_by || excluded.explained_by)[1:${MOST_EXPLANATIONS}],
               due_at = case when excluded.priority = 1 then least(excluded.due_at, h.due_at) else h.due_at end,
               attempts = case when excluded.priority = 1 and h.parked_reason is not null then 0 else h.attempts end,
               parked_reason = case when excluded.priority = 1 then null else h.parked_reason end`,
    [
      tx.tenantId,
      merged.map((wish) => wish.key.organizationId),
      merged.map((wish) => wish.key.kind),
      merged.map((wish) => wish.key.recordId),
      merged.map((wish) => wish.reason),
      merged.map((wish) => READ_REASONS.indexOf(wish.reason) + 1),
      ticket,
      new Date(now),
      merged.map((wish) => `{${wish.explainedBy.join(',')}}`),
    ],
  );
}

function hydrationOf(row: HydrationRow): Hydration {
  if (!isKind(row.kind)) throw new Error(`the database wants records of unknown kind ${row.kind}`);
  return {
    key: { organizationId: row.organization_id, kind: row.kind, recordId: row.record_id },
    reason: row.reason,
    wanted: row.wanted,
    explainedBy: row.explained_by,
    attempts: row.attempts,
    wishedAt: row.wished_at,
    dueAt: row.due_at,
  };
}
