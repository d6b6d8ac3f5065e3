import type { Kind } from '../maintainx/index.ts';
import type { TenantTransaction } from '../postgres/index.ts';
import { keyText, type RecordKey } from '../records/index.ts';
import { kindOf } from './run.ts';
import {
  READ_REASONS,
  type BegunRead,
  type BrakeStatements,
  type Hydration,
  type HydrationCounts,
  type HydrationStatements,
  type ReadReason,
  type TryStatements,
  type Wish,
} from './statements.ts';
import { BRAKE, mergeWishes, MOST_EXPLANATIONS, NOTHING_EXCEPTED } from './wishes.ts';

interface HydrationRow {
  organization_id: string;
  kind: string;
  record_id: string;
  reason: ReadReason;
  released: boolean;
  wanted: number;
  explained_by: string[];
  attempts: number;
  doubts: number;
  wished_at: number;
  due_at: number;
  told_at: number | null;
}

const TRIED = 'attempts = attempts + 1, withheld = false';
const KEY = 'tenant_id = $1 and organization_id = $2 and kind = $3 and record_id = $4';

/** A condition, where one organisation is meant: with "or null" in it, no index would serve. */
const inOrganization = (organizationId: string | null, place: number): string =>
  organizationId === null ? 'true' : `organization_id = $${place}`;

const given = (organizationId: string | null): readonly string[] => (organizationId === null ? [] : [organizationId]);

const aboutIn =
  (tx: TenantTransaction) =>
  (key: RecordKey): readonly unknown[] => [tx.tenantId, key.organizationId, key.kind, key.recordId];

export function postgresHydrations(tx: TenantTransaction): HydrationStatements {
  return {
    want: (wishes, ticket, now) => want(tx, mergeWishes(wishes), ticket, now),
    ...brakeOver(tx),
    ...triesOver(tx),
    dropDetails: async () => {
      await tx.query(`delete from hydrations where tenant_id = $1 and reason = 'detail'`, [tx.tenantId]);
    },
    dropAll: async (organizationId) => {
      await tx.query('delete from hydrations where tenant_id = $1 and organization_id = $2', [
        tx.tenantId,
        organizationId,
      ]);
    },
    due: async (organizationId, now, limit, { reasons, kinds } = NOTHING_EXCEPTED) => {
      const rows = await tx.query<HydrationRow>(
        `select organization_id, kind, record_id, reason, released, wanted, explained_by, attempts, doubts, wished_at,
                due_at, told_at
         from hydrations
         where tenant_id = $1 and ${inOrganization(organizationId, 6)} and parked_reason is null and due_at <= $2
           and reason <> all($4::text[]) and kind <> all($5::text[])
         order by priority, wanted limit $3`,
        [tx.tenantId, new Date(now), limit, reasons, kinds, ...given(organizationId)],
      );
      return rows.map(hydrationOf);
    },
    nextDueAt: async (organizationId, { reasons, kinds } = NOTHING_EXCEPTED) => {
      const [row] = await tx.query<{ due_at: number | null }>(
        `select min(due_at) as due_at from hydrations
         where tenant_id = $1 and ${inOrganization(organizationId, 4)} and parked_reason is null
           and reason <> all($2::text[]) and kind <> all($3::text[])`,
        [tx.tenantId, reasons, kinds, ...given(organizationId)],
      );
      return row?.due_at ?? null;
    },
    oldestWishAt: async () => {
      const [row] = await tx.query<{ wished_at: number | null }>(
        `select min(wished_at) as wished_at from hydrations
         where tenant_id = $1 and parked_reason is null and not withheld`,
        [tx.tenantId],
      );
      return row?.wished_at ?? null;
    },
    fulfil: (reads) => fulfil(tx, reads),
    probesFor: (key, limit) => probesFor(tx, key, limit),
    counts: async (organizationId) => {
      const [row] = await tx.query<HydrationCounts>(
        `select count(*) filter (where parked_reason is null and not withheld) as waiting,
                count(*) filter (where parked_reason <> '${BRAKE}') as parked,
                count(*) filter (where parked_reason = '${BRAKE}') as held,
                count(*) filter (where parked_reason is null and not withheld and reason = 'detail') as details
         from hydrations where tenant_id = $1 and ${inOrganization(organizationId, 2)}`,
        [tx.tenantId, ...given(organizationId)],
      );
      return row ?? { waiting: 0, parked: 0, held: 0, details: 0 };
    },
  };
}

/** In one order by all: whoever wishes for several of them meanwhile does not wait for us while we wait for him. */
async function fulfil(tx: TenantTransaction, reads: readonly BegunRead[]): Promise<ReadonlySet<string>> {
  if (reads.length === 0) return new Set();
  const rows = await tx.query<Pick<HydrationRow, 'organization_id' | 'kind' | 'record_id'>>(
    `with asked as materialized (
       select h.organization_id, h.kind, h.record_id, h.wanted < g.began as over
       from hydrations h
       join unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) as g (organization_id, kind, record_id, began)
         on (h.organization_id, h.kind, h.record_id) = (g.organization_id, g.kind, g.record_id)
       where h.tenant_id = $1
       order by h.organization_id, h.kind, h.record_id for update of h
     ), gone as (
       delete from hydrations h using asked a
       where h.tenant_id = $1 and a.over
         and (h.organization_id, h.kind, h.record_id) = (a.organization_id, a.kind, a.record_id)
     )
     select organization_id, kind, record_id from asked where not over`,
    [
      tx.tenantId,
      reads.map(({ key }) => key.organizationId),
      reads.map(({ key }) => key.kind),
      reads.map(({ key }) => key.recordId),
      reads.map(({ began }) => began),
    ],
  );
  return new Set(rows.map((row) => keyText(recordKeyOf(row))));
}

/** Those that come after the record in key order, then those before it: no sort, whatever the plant's size. */
async function probesFor(tx: TenantTransaction, key: RecordKey, limit: number): Promise<readonly string[]> {
  const beside = async (side: '<' | '>'): Promise<readonly string[]> => {
    const rows = await tx.query<{ record_id: string }>(
      `select record_id from records r
       where tenant_id = $1 and organization_id = $2 and kind = $3 and deleted_at is null and record_id ${side} $4
         and not exists (select from hydrations h
                         where (h.tenant_id, h.organization_id, h.kind, h.record_id)
                             = (r.tenant_id, r.organization_id, r.kind, r.record_id) and h.reason = 'suspect')
       order by record_id limit $5`,
      [tx.tenantId, key.organizationId, key.kind, key.recordId, limit],
    );
    return rows.map((row) => row.record_id);
  };
  const behind = await beside('>');
  return behind.length >= limit ? behind : [...behind, ...(await beside('<'))].slice(0, limit);
}

/** A wish that is there already becomes more urgent, never less; see `HydrationStatements.want`. */
async function want(tx: TenantTransaction, merged: readonly Wish[], ticket: number, now: number): Promise<void> {
  if (merged.length === 0) return;
  await tx.query(
    `with given as (
       select organization_id, kind, record_id, reason, priority, explained_by::uuid[] as explained_by, released,
              told_at, greatest(not_before, $10) as due_at
       from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::text[], $8::bool[],
                   $11::timestamptz[], $12::timestamptz[])
         as w (organization_id, kind, record_id, reason, priority, explained_by, released, told_at, not_before)
     )
     insert into hydrations as h (tenant_id, organization_id, kind, record_id, reason, priority, explained_by, released,
                                  wanted, wished_at, due_at, told_at)
     select $1, organization_id, kind, record_id, reason, priority, explained_by, released, $9, $10, due_at, told_at
     from given order by organization_id, kind, record_id
     on conflict (tenant_id, organization_id, kind, record_id) do update
       set wanted = greatest(h.wanted, excluded.wanted),
           reason = case when excluded.priority < h.priority then excluded.reason else h.reason end,
           priority = least(excluded.priority, h.priority),
           explained_by = (h.explained_by || excluded.explained_by)[1:${MOST_EXPLANATIONS}],
           released = h.released or excluded.released,
           told_at = greatest(h.told_at, excluded.told_at),
           due_at = case when ${ASKED} or ${REVIVES} then least(excluded.wished_at, h.due_at) else h.due_at end,
           withheld = h.withheld and not ${ASKED},
           attempts = case when ${REVIVES} then 0 else h.attempts end,
           parked_reason = case when ${REVIVES} then null else h.parked_reason end`,
    [
      tx.tenantId,
      merged.map((wish) => wish.key.organizationId),
      merged.map((wish) => wish.key.kind),
      merged.map((wish) => wish.key.recordId),
      merged.map((wish) => wish.reason),
      merged.map((wish) => READ_REASONS.indexOf(wish.reason) + 1),
      merged.map((wish) => `{${wish.explainedBy.join(',')}}`),
      merged.map((wish) => wish.released === true),
      ticket,
      new Date(now),
      merged.map(({ toldAt }) => dateOf(toldAt)),
      merged.map(({ notBefore }) => dateOf(notBefore)),
    ],
  );
}

const dateOf = (time: number | null | undefined): Date | null =>
  time === null || time === undefined ? null : new Date(time);

/** A webhook asks, a person, or a re-read. */
const ASKED = `(excluded.priority = 1 or excluded.released or excluded.reason = 'reread')`;

/** What was left to a person is tried again: somebody asks for it, or a day has passed. */
const REVIVES = `(h.parked_reason is not null and (${ASKED}
  or (h.due_at <= excluded.wished_at and h.parked_reason <> '${BRAKE}')))`;

function triesOver(tx: TenantTransaction): TryStatements {
  const about = aboutIn(tx);
  return {
    postpone: async (key, dueAt) => {
      await tx.query(`update hydrations set ${TRIED}, due_at = $5 where ${KEY}`, [...about(key), new Date(dueAt)]);
    },
    withhold: async (key, until) => {
      await tx.query(`update hydrations set attempts = attempts + 1, withheld = true, due_at = $5 where ${KEY}`, [
        ...about(key),
        new Date(until),
      ]);
    },
    doubt: async (key, dueAt) => {
      await tx.query(`update hydrations set ${TRIED}, doubts = doubts + 1, due_at = $5 where ${KEY}`, [
        ...about(key),
        new Date(dueAt),
      ]);
    },
    park: async (key, reason, triedAgainAt) => {
      await tx.query(`update hydrations set ${TRIED}, parked_reason = $5, due_at = $6 where ${KEY}`, [
        ...about(key),
        reason,
        new Date(triedAgainAt),
      ]);
    },
    parked: async (limit) => {
      const rows = await tx.query<HydrationRow & { parked_reason: string }>(
        `select organization_id, kind, record_id, parked_reason, attempts, wished_at from hydrations
         where tenant_id = $1 and parked_reason <> '${BRAKE}' order by wished_at, kind, record_id limit $2`,
        [tx.tenantId, limit],
      );
      return rows.map((row) => ({
        key: recordKeyOf(row),
        reason: row.parked_reason,
        attempts: row.attempts,
        wishedAt: row.wished_at,
      }));
    },
    discard: async (key) => {
      const rows = await tx.query(
        `delete from hydrations where ${KEY} and parked_reason <> '${BRAKE}' returning record_id`,
        about(key),
      );
      return rows.length > 0;
    },
  };
}

function brakeOver(tx: TenantTransaction): BrakeStatements {
  return {
    hold: async (keys, ticket, now) => {
      await tx.query(
        `insert into hydrations (tenant_id, organization_id, kind, record_id, reason, priority, wanted, wished_at,
                                 due_at, parked_reason)
         select $1, organization_id, kind, record_id, 'suspect', $5, $6, $7, $7, '${BRAKE}'
         from unnest($2::text[], $3::text[], $4::text[]) as k (organization_id, kind, record_id)
         order by organization_id, kind, record_id
         on conflict (tenant_id, organization_id, kind, record_id) do nothing`,
        [
          tx.tenantId,
          keys.map((key) => key.organizationId),
          keys.map((key) => key.kind),
          keys.map((key) => key.recordId),
          READ_REASONS.indexOf('suspect') + 1,
          ticket,
          new Date(now),
        ],
      );
    },
    release: async (kind, now) => {
      const rows = await tx.query(
        `update hydrations set released = true, parked_reason = null, withheld = false, attempts = 0, due_at = $3
         where tenant_id = $1 and (parked_reason = '${BRAKE}' or withheld) and ($2::text is null or kind = $2)
         returning record_id`,
        [tx.tenantId, kind, new Date(now)],
      );
      return rows.length;
    },
    isReleased: async (key) => {
      const rows = await tx.query(`select from hydrations where ${KEY} and released`, [
        tx.tenantId,
        key.organizationId,
        key.kind,
        key.recordId,
      ]);
      return rows.length > 0;
    },
    dropHeld: async (organizationId: string, kind: Kind) => {
      await tx.query(
        `delete from hydrations
         where tenant_id = $1 and organization_id = $2 and kind = $3 and parked_reason = '${BRAKE}'`,
        [tx.tenantId, organizationId, kind],
      );
    },
    held: async () => {
      const rows = await tx.query<{ kind: string; records: number }>(
        `select kind, count(*) as records from hydrations
         where tenant_id = $1 and parked_reason = '${BRAKE}' group by kind order by kind`,
        [tx.tenantId],
      );
      return rows.map(({ kind, records }) => ({ kind: kindOf(kind), records }));
    },
    withheld: async () => {
      const rows = await tx.query<{ kind: string; records: number; until: number }>(
        `select kind, count(*) as records, min(due_at) as until from hydrations
         where tenant_id = $1 and withheld group by kind order by kind`,
        [tx.tenantId],
      );
      return rows.map((row) => ({ ...row, kind: kindOf(row.kind) }));
    },
  };
}

const recordKeyOf = (row: Pick<HydrationRow, 'organization_id' | 'kind' | 'record_id'>): RecordKey => ({
  organizationId: row.organization_id,
  kind: kindOf(row.kind),
  recordId: row.record_id,
});

const hydrationOf = (row: HydrationRow): Hydration => ({
  key: recordKeyOf(row),
  reason: row.reason,
  released: row.released,
  wanted: row.wanted,
  explainedBy: row.explained_by,
  attempts: row.attempts,
  doubts: row.doubts,
  wishedAt: row.wished_at,
  dueAt: row.due_at,
  toldAt: row.told_at,
});
