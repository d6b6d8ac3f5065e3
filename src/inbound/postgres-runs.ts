import { canonicalJson } from '../base/canonical-json.ts';
import type { TenantTransaction } from '../postgres/index.ts';
import { parsePlan } from './backfill-plan.ts';
import { listedKindOf, parseOptions, type KindProgress, type Run, type RunKind, type RunState } from './run.ts';
import type { RunStatements, Sought } from './statements.ts';

interface RunRow {
  run_id: string;
  organization_id: string;
  what: RunKind;
  state: RunState;
  options: string;
  requested_at: number;
  surveyed_at: number | null;
  plan: string | null;
  finished_at: number | null;
  reason: string | null;
}

const COLUMNS = 'run_id, organization_id, what, state, options, requested_at, surveyed_at, plan, finished_at, reason';
const UNDER_WAY = "state <> 'done'";
const ORGANIZATION = '($2::text is null or organization_id = $2)';
const ACTIVE = `${UNDER_WAY} and (surveyed_at is null or options ->> 'planOnly' <> 'true')`;

export function postgresRuns(tx: TenantTransaction): RunStatements {
  const one = (where: string, ...values: readonly unknown[]): Promise<Run | undefined> => findRun(tx, where, values);
  const unfinished = (organizationId: string | null, what: RunKind): Promise<Run | undefined> =>
    one(`${ORGANIZATION} and ${UNDER_WAY} and what = $3`, organizationId, what);
  return {
    request: async (run, kinds) => {
      const made = await tx.query(
        `insert into sync_runs (tenant_id, run_id, organization_id, what, state, options, requested_at)
         values ($1, $2, $3, $4, 'requested', $5, $6)
         on conflict (tenant_id, organization_id, what) where ${UNDER_WAY} do nothing returning run_id`,
        [
          tx.tenantId,
          run.runId,
          run.organizationId,
          run.what,
          canonicalJson({ ...run.options }),
          new Date(run.requestedAt),
        ],
      );
      if (made.length > 0)
        await tx.query(
          `insert into sync_run_kinds (tenant_id, run_id, kind, place, state)
           select $1, $2, kind, place, 'waiting' from unnest($3::text[]) with ordinality as k (kind, place)`,
          [tx.tenantId, run.runId, kinds],
        );
      const found = await unfinished(run.organizationId, run.what);
      if (found === undefined) throw new Error('a requested run is not there');
      return found;
    },
    current: (organizationId) => one(`${ORGANIZATION} and ${ACTIVE}`, organizationId),
    unfinished,
    find: (runId) => one('run_id = $2', runId),
    save: (runId, part) => savePart(tx, runId, part),
    surveyed: async (runId, now, plan) => {
      await tx.query('update sync_runs set surveyed_at = $3, plan = $4 where tenant_id = $1 and run_id = $2', [
        tx.tenantId,
        runId,
        new Date(now),
        JSON.stringify(plan),
      ]);
    },
    go: async (runId) => {
      const run = await one('run_id = $2', runId);
      if (run === undefined) return;
      await tx.query('update sync_runs set options = $3 where tenant_id = $1 and run_id = $2', [
        tx.tenantId,
        runId,
        canonicalJson({ ...run.options, planOnly: false }),
      ]);
    },
    finish: (runId, finishedAt, reason) => end(tx, runId, new Date(finishedAt), reason),
    giveUp: (runId, reason) => end(tx, runId, null, reason),
    ...metIn(tx),
    last: (organizationId, what) =>
      findRun(
        tx,
        `${ORGANIZATION} and what = $3 and finished_at is not null`,
        [organizationId, what],
        'finished_at desc',
      ),
    lastFinished: async (organizationId, what) => {
      const [row] = await tx.query<{ finished_at: number | null }>(
        `select case when bool_and(finished_at is not null) then min(finished_at) end as finished_at
         from (select max(finished_at) filter (where what = $3) as finished_at
               from sync_runs where tenant_id = $1 and ${ORGANIZATION} group by organization_id) of_each`,
        [tx.tenantId, organizationId, what],
      );
      return row?.finished_at ?? null;
    },
  };
}

async function end(
  tx: TenantTransaction,
  runId: string,
  finishedAt: Date | null,
  reason: string | null,
): Promise<void> {
  await tx.query(
    `update sync_runs set state = 'done', finished_at = $3, reason = $4 where tenant_id = $1 and run_id = $2`,
    [tx.tenantId, runId, finishedAt, reason],
  );
  await tx.query('delete from sweep_pages where tenant_id = $1 and run_id = $2', [tx.tenantId, runId]);
}

/** What a sweep has met. */
function metIn(tx: TenantTransaction): Pick<RunStatements, 'meet' | 'metBefore' | 'forgetMet' | 'missing'> {
  return {
    meet: async (runId, kind, page, ids) => {
      await tx.query(`insert into sweep_pages (tenant_id, run_id, kind, page, ids) values ($1, $2, $3, $4, $5)`, [
        tx.tenantId,
        runId,
        kind,
        page,
        ids,
      ]);
    },
    metBefore: async (runId, kind, ids) => {
      const [row] = await tx.query<{ met: number }>(
        `select count(*) as met from sweep_pages p, unnest(p.ids) as i (id)
         where p.tenant_id = $1 and p.run_id = $2 and p.kind = $3 and i.id = any($4::text[])`,
        [tx.tenantId, runId, kind, ids],
      );
      return row?.met ?? 0;
    },
    forgetMet: async (runId, kind) => {
      await tx.query('delete from sweep_pages where tenant_id = $1 and run_id = $2 and kind = $3', [
        tx.tenantId,
        runId,
        kind,
      ]);
    },
    missing: (sought) => missingIn(tx, sought),
  };
}

/** One pass over both: a million ids are compared inside the database, not in this process. */
async function missingIn(
  tx: TenantTransaction,
  { runId, organizationId, kind, firstSeenBefore, createdFrom }: Sought,
): Promise<{ readonly living: number; readonly missing: readonly string[] }> {
  const [row] = await tx.query<{ living: number; missing: string[] | null }>(
    `with living as materialized (
       select record_id from records
       where tenant_id = $1 and organization_id = $2 and kind = $3 and deleted_at is null and first_seen_at < $4
         and ($5::text is null or state ->> 'createdAt' >= $5)
     ), met as materialized (
       select unnest(ids) as record_id from sweep_pages where tenant_id = $1 and run_id = $6 and kind = $3
     )
     select (select count(*) from living) as living,
            (select array_agg(record_id) from living l
             where not exists (select from met m where m.record_id = l.record_id)) as missing`,
    [
      tx.tenantId,
      organizationId,
      kind,
      new Date(firstSeenBefore),
      createdFrom === null ? null : new Date(createdFrom).toISOString(),
      runId,
    ],
  );
  return { living: row?.living ?? 0, missing: row?.missing ?? [] };
}

async function findRun(
  tx: TenantTransaction,
  where: string,
  values: readonly unknown[],
  order = 'what, requested_at',
): Promise<Run | undefined> {
  const [row] = await tx.query<RunRow>(
    `select ${COLUMNS} from sync_runs where tenant_id = $1 and ${where} order by ${order} limit 1`,
    [tx.tenantId, ...values],
  );
  if (row === undefined) return undefined;
  const parts = await tx.query<PartRow>(
    `select ${PART_COLUMNS} from sync_run_kinds where tenant_id = $1 and run_id = $2 order by place`,
    [tx.tenantId, row.run_id],
  );
  return runOf(row, parts.map(partOf));
}

interface PartRow {
  kind: string;
  state: KindProgress['state'];
  cursor: string | null;
  mark: string | null;
  loops: number;
  pages: number;
  rows: number;
  requests: number;
  expected: number | null;
  at_least: boolean;
  suspects: number;
  braked: boolean;
  refused: string | null;
  started_at: number | null;
}

const PART_COLUMNS = `kind, state, cursor, mark, loops, pages, rows, requests, expected, at_least, suspects, braked,
  refused, started_at`;

async function savePart(tx: TenantTransaction, runId: string, part: KindProgress): Promise<void> {
  await tx.query(
    `update sync_run_kinds
     set state = $4, cursor = $5, mark = $6, loops = $7, pages = $8, rows = $9, requests = $10, expected = $11,
         at_least = $12, suspects = $13, braked = $14, refused = $15, started_at = $16
     where tenant_id = $1 and run_id = $2 and kind = $3`,
    [
      tx.tenantId,
      runId,
      part.kind,
      part.state,
      part.cursor,
      part.mark,
      part.loops,
      part.pages,
      part.rows,
      part.requests,
      part.expected,
      part.atLeast,
      part.suspects,
      part.braked,
      part.refused,
      part.startedAt === null ? null : new Date(part.startedAt),
    ],
  );
  await tx.query(
    `update sync_runs set state = 'running' where tenant_id = $1 and run_id = $2 and state = 'requested'`,
    [tx.tenantId, runId],
  );
}

const partOf = (row: PartRow): KindProgress => ({
  kind: listedKindOf(row.kind),
  state: row.state,
  cursor: row.cursor,
  mark: row.mark,
  loops: row.loops,
  pages: row.pages,
  rows: row.rows,
  requests: row.requests,
  expected: row.expected,
  atLeast: row.at_least,
  suspects: row.suspects,
  braked: row.braked,
  refused: row.refused,
  startedAt: row.started_at,
});

const runOf = (row: RunRow, progress: readonly KindProgress[]): Run => ({
  runId: row.run_id,
  organizationId: row.organization_id,
  what: row.what,
  state: row.state,
  options: parseOptions(row.options),
  progress,
  requestedAt: row.requested_at,
  surveyedAt: row.surveyed_at,
  plan: row.plan === null ? null : parsePlan(row.plan),
  finishedAt: row.finished_at,
  reason: row.reason,
});
