import { isKind } from '../maintainx/index.ts';
import type { TenantTransaction } from '../postgres/index.ts';
import type { FileOwner } from './file.ts';
import type { FileCounts, FileRecord, FilesOf, FileState, FileStatements } from './statements.ts';

interface OwnerRow {
  organization_id: string;
  kind: string;
  record_id: string;
}

interface FileRow extends OwnerRow {
  path: string;
  file_name: string | null;
  mime_type: string | null;
  state: FileState;
  sha256: string | null;
  bytes: number | null;
  content_type: string | null;
  attempts: number;
  reason: string | null;
  lost_at: number | null;
}

const COLUMNS = `organization_id, kind, record_id, path, file_name, mime_type, state, sha256, bytes, content_type, attempts,
  reason, lost_at`;
const OWNER = 'tenant_id = $1 and organization_id = $2 and kind = $3 and record_id = $4';
const FILE = `${OWNER} and path = $5`;

export const postgresFiles = (tx: TenantTransaction): FileStatements => ({
  note: (records, now) => note(tx, records, now),
  ...outcomesOf(tx),
  ...listsOf(tx),
});

/** What becomes of one file. */
function outcomesOf(tx: TenantTransaction): Pick<FileStatements, 'keep' | 'postpone' | 'giveUp'> {
  return {
    keep: async (owner, path, { sha256, bytes, contentType }, now) => {
      await tx.query(
        `update files set state = 'stored', sha256 = $6, bytes = $7, content_type = $8, stored_at = $9, reason = null
         where ${FILE}`,
        [...ownerIn(tx, owner), path, sha256, bytes, contentType, new Date(now)],
      );
    },
    postpone: async (owner, path, reason, dueAt) => {
      await tx.query(`update files set attempts = attempts + 1, reason = $6, due_at = $7 where ${FILE}`, [
        ...ownerIn(tx, owner),
        path,
        reason,
        new Date(dueAt),
      ]);
    },
    giveUp: async (owner, path, reason) => {
      await tx.query(`update files set attempts = attempts + 1, reason = $6, state = 'given-up' where ${FILE}`, [
        ...ownerIn(tx, owner),
        path,
        reason,
      ]);
    },
  };
}

function listsOf(tx: TenantTransaction): Pick<FileStatements, 'wanted' | 'due' | 'page' | 'counts'> {
  return {
    wanted: async (owner, now) => {
      const rows = await tx.query<FileRow>(
        `select ${COLUMNS} from files where ${OWNER} and state = 'wanted' and lost_at is null and due_at <= $5
         order by path`,
        [...ownerIn(tx, owner), new Date(now)],
      );
      return rows.map(fileOf);
    },
    due: async (now, limit) => {
      const rows = await tx.query<OwnerRow>(
        `select organization_id, kind, record_id from files
         where tenant_id = $1 and state = 'wanted' and lost_at is null and due_at <= $2
         group by organization_id, kind, record_id order by min(due_at), organization_id, kind, record_id limit $3`,
        [tx.tenantId, new Date(now), limit],
      );
      return rows.map(ownerOf);
    },
    page: async (after, limit, of) => {
      const rows = await tx.query<FileRow>(
        `select ${COLUMNS} from files
         where tenant_id = $1
           and (organization_id, kind, record_id, path) > ($2, $3, $4, $5)
           and ($6::text is null or (kind, record_id) = ($6, $7))
         order by organization_id, kind, record_id, path limit $8`,
        [
          tx.tenantId,
          ...(after === null ? ['', '', ''] : ownerIn(tx, after.owner).slice(1)),
          after?.path ?? '',
          of?.kind ?? null,
          of?.recordId ?? null,
          limit,
        ],
      );
      return rows.map(fileOf);
    },
    counts: async () => {
      const [row] = await tx.query<FileCounts>(
        `select count(*) filter (where state = 'wanted' and lost_at is null) as wanted,
                count(*) filter (where state = 'stored') as stored,
                count(*) filter (where state = 'given-up') as "givenUp",
                coalesce(sum(bytes), 0)::int8 as bytes
         from files where tenant_id = $1`,
        [tx.tenantId],
      );
      return row ?? { wanted: 0, stored: 0, givenUp: 0, bytes: 0 };
    },
  };
}

const ownerIn = (tx: TenantTransaction, { organizationId, kind, recordId }: FileOwner): readonly unknown[] => [
  tx.tenantId,
  organizationId,
  kind,
  recordId,
];

/** Two statements for a whole page of records, in key order. */
async function note(tx: TenantTransaction, records: readonly FilesOf[], now: number): Promise<void> {
  if (records.length === 0) return;
  const files = records.flatMap(({ owner, files: those }) => those.map((file) => ({ owner, ...file })));
  const named = [
    files.map(({ owner }) => owner.organizationId),
    files.map(({ owner }) => owner.kind),
    files.map(({ owner }) => owner.recordId),
    files.map(({ path }) => path),
  ];
  if (files.length > 0)
    await tx.query(
      `insert into files as f (tenant_id, organization_id, kind, record_id, path, file_name, mime_type, due_at)
       select $1, organization_id, kind, record_id, path, file_name, mime_type, $8
       from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
         as n (organization_id, kind, record_id, path, file_name, mime_type)
       order by organization_id, kind, record_id, path
       on conflict (tenant_id, organization_id, kind, record_id, path) do update set lost_at = null
         where f.lost_at is not null`,
      [
        tx.tenantId,
        ...named,
        files.map(({ fileName }) => fileName),
        files.map(({ mimeType }) => mimeType),
        new Date(now),
      ],
    );
  await tx.query(
    `update files set lost_at = $6
     where tenant_id = $1 and lost_at is null
       and (organization_id, kind, record_id) in (select * from unnest($7::text[], $8::text[], $9::text[]))
       and (organization_id, kind, record_id, path)
         not in (select * from unnest($2::text[], $3::text[], $4::text[], $5::text[]))`,
    [
      tx.tenantId,
      ...named,
      new Date(now),
      records.map(({ owner }) => owner.organizationId),
      records.map(({ owner }) => owner.kind),
      records.map(({ owner }) => owner.recordId),
    ],
  );
}

function ownerOf({ organization_id: organizationId, kind, record_id: recordId }: OwnerRow): FileOwner {
  if (!isKind(kind)) throw new Error(`the database holds files of kind ${kind}, which the catalogue does not know`);
  return { organizationId, kind, recordId };
}

const fileOf = (row: FileRow): FileRecord => ({
  owner: ownerOf(row),
  path: row.path,
  fileName: row.file_name,
  mimeType: row.mime_type,
  state: row.state,
  stored: row.sha256 === null ? null : { sha256: row.sha256, bytes: row.bytes ?? 0, contentType: row.content_type },
  attempts: row.attempts,
  reason: row.reason,
  lostAt: row.lost_at,
});
