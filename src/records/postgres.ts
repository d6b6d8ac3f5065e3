import { canonicalJson } from '../base/canonical-json.ts';
import { objectOf, parseStored } from '../base/json.ts';
import { isKind, type Kind } from '../maintainx/index.ts';
import { bytesArray, type TenantTransaction } from '../postgres/index.ts';
import { keyText, type HeldRecord, type ReadSource, type RecordKey } from './record.ts';
import type { KindCount, RecordStatements } from './statements.ts';

interface RecordRow {
  organization_id: string;
  kind: string;
  record_id: string;
  version: number;
  state: string;
  kept: string;
  updated_at: number | null;
  read_source: ReadSource;
  read_ended: number;
  detail_at: number | null;
  detail_updated_at: number | null;
  first_seen_at: number;
  changed_at: number;
  deleted_at: number | null;
}

const COLUMNS = `organization_id, kind, record_id, version, state, kept, updated_at, read_source, read_ended, detail_at,
  detail_updated_at, first_seen_at, changed_at, deleted_at`;

export function postgresRecords(tx: TenantTransaction): RecordStatements {
  return {
    lock: (keys) => lock(tx, keys),
    write: (records) => write(tx, records),
    page: (after, limit) => page(tx, after, limit),
    isLiving: async (key) => {
      const rows = await tx.query(
        `select from records
         where tenant_id = $1 and organization_id = $2 and kind = $3 and record_id = $4 and deleted_at is null`,
        [tx.tenantId, key.organizationId, key.kind, key.recordId],
      );
      return rows.length > 0;
    },
    living: async (keys) => (keys.length === 0 ? new Set() : living(tx, keys)),
    livingCount: async (organizationId, kind) => {
      const [row] = await tx.query<{ living: number }>(
        `select count(*) as living from records
         where tenant_id = $1 and organization_id = $2 and kind = $3 and deleted_at is null`,
        [tx.tenantId, organizationId, kind],
      );
      return row?.living ?? 0;
    },
    longUnread: async (organizationId, kind, readBefore, limit) => {
      const rows = await tx.query<{ record_id: string }>(
        `select record_id from records
         where tenant_id = $1 and organization_id = $2 and kind = $3 and deleted_at is null
           and (detail_at is null or detail_at < $4)
         order by detail_at nulls first, record_id limit $5`,
        [tx.tenantId, organizationId, kind, new Date(readBefore), limit],
      );
      return rows.map((row) => row.record_id);
    },
    counts: (organizationId) => counts(tx, organizationId),
  };
}

/** The record of this kind and id, in one organisation or any; undefined: it is not in the copy. Without a lock. */
export async function findRecord(
  tx: TenantTransaction,
  kind: Kind,
  recordId: string,
  organizationId?: string,
): Promise<HeldRecord | undefined> {
  const rows = await tx.query<RecordRow>(
    `select ${COLUMNS} from records where tenant_id = $1 and kind = $2 and record_id = $3
       and organization_id in (select organization_id from connections where tenant_id = $1)
       and ($4::text is null or organization_id = $4)
     order by organization_id limit 1`,
    [tx.tenantId, kind, recordId, organizationId ?? null],
  );
  return rows.map(recordOf)[0];
}

/** Records of a kind in the order of organisation and id, at most `limit`, after `after`. */
export async function pageOfKind(
  tx: TenantTransaction,
  kind: Kind,
  after: Pick<RecordKey, 'organizationId' | 'recordId'> | null,
  limit: number,
  withDeleted: boolean,
): Promise<readonly HeldRecord[]> {
  // Organisation by organisation: so each is a piece of the primary key, however many records of other kinds there are.
  const rows = await tx.query<RecordRow>(
    `select r.* from connections c cross join lateral (
       select ${COLUMNS} from records r
       where r.tenant_id = $1 and r.organization_id = c.organization_id and r.kind = $2
         and c.organization_id collate "C" >= $3
         and r.record_id > case when c.organization_id = $3 then $4 else '' end
         and ($6 or r.deleted_at is null)
       order by r.record_id limit $5
     ) r where c.tenant_id = $1 order by r.organization_id, r.record_id limit $5`,
    [tx.tenantId, kind, after?.organizationId ?? '', after?.recordId ?? '', limit, withDeleted],
  );
  return rows.map(recordOf);
}

/** Locks in key order, so that two batches cannot wait for each other. */
async function lock(tx: TenantTransaction, keys: readonly RecordKey[]): Promise<ReadonlyMap<string, HeldRecord>> {
  const rows = await tx.query<RecordRow>(
    `select ${COLUMNS} from records
     where tenant_id = $1
       and (organization_id, kind, record_id) in (select * from unnest($2::text[], $3::text[], $4::text[]))
     order by organization_id, kind, record_id
     for update`,
    [tx.tenantId, ...columnsOf(keys)],
  );
  return new Map(rows.map(recordOf).map((record) => [keyText(record.key), record]));
}

async function living(tx: TenantTransaction, keys: readonly RecordKey[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<Pick<RecordRow, 'organization_id' | 'kind' | 'record_id'>>(
    `select organization_id, kind, record_id from records
     where tenant_id = $1 and deleted_at is null
       and (organization_id, kind, record_id) in (select * from unnest($2::text[], $3::text[], $4::text[]))`,
    [tx.tenantId, ...columnsOf(keys)],
  );
  return new Set(rows.map((row) => `${row.organization_id}/${row.kind}/${row.record_id}`));
}

const columnsOf = (keys: readonly RecordKey[]): readonly (readonly string[])[] => [
  keys.map((key) => key.organizationId),
  keys.map((key) => key.kind),
  keys.map((key) => key.recordId),
];

/** A record that another transaction inserted meanwhile is a unique violation: the store runs the work again. */
async function write(tx: TenantTransaction, records: readonly HeldRecord[]): Promise<void> {
  if (records.length === 0) return;
  const sorted = [...records].sort((left, right) => (keyText(left.key) < keyText(right.key) ? -1 : 1));
  await tx.query(
    `with given as (
       select * from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::timestamptz[],
                            $9::text[], $10::bigint[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[],
                            $14::timestamptz[], $15::timestamptz[])
         as g (organization_id, kind, record_id, version, state, kept, updated_at, read_source, read_ended, detail_at,
               detail_updated_at, first_seen_at, changed_at, deleted_at)
     ), changed as (
       update records r
       set version = g.version, state = g.state::json, kept = g.kept::json, updated_at = g.updated_at,
           read_source = g.read_source, read_ended = g.read_ended, detail_at = g.detail_at,
           detail_updated_at = g.detail_updated_at, changed_at = g.changed_at, deleted_at = g.deleted_at
       from given g
       where r.tenant_id = $1
         and (r.organization_id, r.kind, r.record_id) = (g.organization_id, g.kind, g.record_id)
       returning r.organization_id, r.kind, r.record_id
     )
     insert into records (tenant_id, ${COLUMNS})
     select $1, organization_id, kind, record_id, version, state::json, kept::json, updated_at, read_source, read_ended,
            detail_at, detail_updated_at, first_seen_at, changed_at, deleted_at
     from given g
     where not exists (select from changed c
                       where (c.organization_id, c.kind, c.record_id) = (g.organization_id, g.kind, g.record_id))`,
    [
      tx.tenantId,
      ...columnsOf(sorted.map((record) => record.key)),
      sorted.map((record) => record.version),
      bytesArray(
        'text',
        sorted.map((record) => canonicalJson(record.state)),
      ),
      bytesArray(
        'text',
        sorted.map((record) => canonicalJson(record.kept)),
      ),
      sorted.map((record) => dateOf(record.updatedAt)),
      sorted.map((record) => record.readSource),
      sorted.map((record) => record.readEnded),
      sorted.map((record) => dateOf(record.detailAt)),
      sorted.map((record) => dateOf(record.detailUpdatedAt)),
      sorted.map((record) => dateOf(record.firstSeenAt)),
      sorted.map((record) => dateOf(record.changedAt)),
      sorted.map((record) => dateOf(record.deletedAt)),
    ],
  );
}

const dateOf = (time: number | null): Date | null => (time === null ? null : new Date(time));

async function page(tx: TenantTransaction, after: RecordKey | null, limit: number): Promise<readonly HeldRecord[]> {
  const rows = await tx.query<RecordRow>(
    `select ${COLUMNS} from records
     where tenant_id = $1 and (organization_id, kind, record_id) > ($2, $3, $4)
     order by organization_id, kind, record_id limit $5`,
    [tx.tenantId, after?.organizationId ?? '', after?.kind ?? '', after?.recordId ?? '', limit],
  );
  return rows.map(recordOf);
}

async function counts(tx: TenantTransaction, organizationId: string | null): Promise<readonly KindCount[]> {
  const rows = await tx.query<{ kind: string; living: number; deleted: number }>(
    `select kind, count(*) filter (where deleted_at is null) as living,
            count(*) filter (where deleted_at is not null) as deleted
     from records where tenant_id = $1 and ($2::text is null or organization_id = $2) group by kind order by kind`,
    [tx.tenantId, organizationId],
  );
  return rows.map((row) => ({ kind: kindOf(row.kind), living: row.living, deleted: row.deleted }));
}

const recordOf = (row: RecordRow): HeldRecord => ({
  key: { organizationId: row.organization_id, kind: kindOf(row.kind), recordId: row.record_id },
  version: row.version,
  state: objectOf(parseStored(row.state)),
  kept: objectOf(parseStored(row.kept)),
  updatedAt: row.updated_at,
  readSource: row.read_source,
  readEnded: row.read_ended,
  detailAt: row.detail_at,
  detailUpdatedAt: row.detail_updated_at,
  firstSeenAt: row.first_seen_at,
  changedAt: row.changed_at,
  deletedAt: row.deleted_at,
});

function kindOf(name: string): Kind {
  if (!isKind(name)) throw new Error(`the database holds records of kind ${name}, which the catalogue does not know`);
  return name;
}
