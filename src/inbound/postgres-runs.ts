import { canonicalJson } from '../base/canonical-json.ts';
import type { TenantTransaction } from '../postgres/index.ts';
import { parseOptions, parseProgress } from './run-progress.ts';
import type { Run, RunKind, RunState, RunStatements } from './statements.ts';

interface RunRow {
  run_id: string;
  what: RunKind;
  state: RunState;
  options: string;
  progress: string;
  requested_at: number;
  finished_at: number | null;
  reason: string | null;
}

const COLUMNS = 'run_id, what, state, options, progress, requested_at, finished_at, reason';
const UNDER_WAY = "state in ('requested', 'running')";

export function postgresRuns(tx: TenantTransaction): RunStatements {
  const one = async (where: string, values: readonly unknown[]): Promise<Run | undefined> => {
    const rows = await tx.query<RunRow>(
      `select ${COLUMNS} from sync_runs where tenant_id = $1 and ${where} order by what, requested_at limit 1`,
      [tx.tenantId, ...values],
    );
    return rows.map(runOf)[0];
  };
  return {
    request: async (run) => {
      await tx.query(
        `insert into sync_runs (tenant_id, run_id, what, state, options, progress, requested_at)
         values ($1, $2, $3, 'requested', $4, '[]', $5)
         on conflict (tenant_id, what) where ${UNDER_WAY} do nothing`,
        [tx.tenantId, run.runId, run.what, canonicalJson({ ...run.options }), new Date(run.requestedAt)],
      );
      const found = await one(`${UNDER_WAY} and what = $2`, [run.what]);
      if (found === undefined) throw new Error('a requested run is not there');
      return found;
    },
    current: () => one(UNDER_WAY, []),
    find: (runId) => one('run_id = $2', [runId]),
    save: async (runId, progress) => {
      await tx.query(`update sync_runs set state = 'running', progress = $3 where tenant_id = $1 and run_id = $2`, [
        tx.tenantId,
        runId,
        canonicalJson(progress.map((kind) => ({ ...kind }))),
      ]);
    },
    finish: async (runId, finishedAt, reason) => {
      await tx.query(
        `update sync_runs set state = 'done', finished_at = $3, reason = $4 where tenant_id = $1 and run_id = $2`,
        [tx.tenantId, runId, new Date(finishedAt), reason],
      );
    },
    lastSweep: async () => {
      const rows = await tx.query<RunRow>(
        `select ${COLUMNS} from sync_runs where tenant_id = $1 and what = 'sweep' and state = 'done'
         order by finished_at desc limit 1`,
        [tx.tenantId],
      );
      return rows.map(runOf)[0];
    },
    lastFinished: async (what) => {
      const [row] = await tx.query<{ finished_at: number | null }>(
        `select max(finished_at) as finished_at from sync_runs where tenant_id = $1 and what = $2 and state = 'done'`,
        [tx.tenantId, what],
      );
      return row?.finished_at ?? null;
    },
  };
}

const runOf = (row: RunRow): Run => ({
  runId: row.run_id,
  what: row.what,
  state: row.state,
  options: parseOptions(row.options),
  progress: parseProgress(row.progress),
  requestedAt: row.requested_at,
  finishedAt: row.finished_at,
  reason: row.reason,
});
