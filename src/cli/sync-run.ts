import { requestRun as askForRun } from '../administration/index.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import {
  brakedKinds,
  newId,
  PLAIN_RUN,
  syncStatus,
  type Run,
  type RunKind,
  type RunOptions,
  type SyncStatus,
} from '../inbound/index.ts';
import { startEngine, type Engine, type Installation } from '../server.ts';
import type { Tenant } from '../tenants/index.ts';
import { change, untilStopped } from './context.ts';
import { table, writeJson, writeLine } from './output.ts';
import { partsAsRows, progressInWords } from './sync-progress.ts';

export interface Task {
  /** Of which organisation; undefined: the only one. */
  readonly organization: string | undefined;
  readonly what: RunKind;
  readonly options: RunOptions;
  /** When it is over; default: done, and all that it found was read. */
  readonly isOver?: (run: Run, now: SyncStatus) => boolean;
  readonly json: boolean;
  /** Says nothing while it works. */
  readonly silent?: boolean;
}

/**
 * Requests the run and works for this tenant until it is over; a server that is running meanwhile does whatever part it
 * holds the lease of.
 */
export async function workOff(installation: Installation, tenant: Pick<Tenant, 'tenantId'>, task: Task): Promise<Run> {
  const signal = untilStopped();
  // First: an engine that finds a new tenant without a run begins to copy it.
  let run = await requestRun(installation, tenant.tenantId, task);
  const engine = startEngine(installation, { lanes: ['deliver', 'hydrate', 'pull'], tenantId: tenant.tenantId });
  try {
    engine.hints.give('pull');
    while (!signal.aborted && !sameOptions(run.options, task.options)) {
      // One that somebody else asked for is under way, with other options: ours comes after it.
      await follow(installation, tenant.tenantId, run, { ...task, isOver: isWhole }, signal);
      run = await request(installation, engine, tenant.tenantId, task);
    }
    return await follow(installation, tenant.tenantId, run, task, signal);
  } finally {
    await engine.stop();
  }
}

/** Whether it was asked for its cost alone makes no other run of it. */
const sameOptions = (left: RunOptions, right: RunOptions): boolean =>
  left.reread === right.reread && left.releaseBrake === right.releaseBrake;

const isWhole = (run: Run, { waiting, paused }: SyncStatus): boolean =>
  paused || (run.state === 'done' && waiting.reads === 0 && waiting.deliveries === 0);

async function request(
  installation: Installation,
  engine: Engine,
  tenantId: string,
  task: Pick<Task, 'organization' | 'what' | 'options'>,
): Promise<Run> {
  const run = await requestRun(installation, tenantId, task);
  engine.hints.give('pull');
  return run;
}

/** Lets the running server do the backfill. */
export async function requestBackfill(
  installation: Installation,
  tenantId: string,
  organization: string | undefined,
): Promise<void> {
  await requestRun(installation, tenantId, { organization, what: 'backfill', options: PLAIN_RUN });
}

async function requestRun(
  installation: Installation,
  tenantId: string,
  { organization, what, options }: Pick<Task, 'organization' | 'what' | 'options'>,
): Promise<Run> {
  const runId = newId({ clock: systemClock, random: systemRandom });
  const action = what === 'backfill' ? 'requestBackfill' : 'requestSweep';
  const asked = await change(installation, tenantId, action, askForRun(runId, organization, what, options));
  const found = await installation.store.transact(tenantId, (tx) => tx.runs.find(asked.runId));
  if (found === undefined) throw new Error('a run that was asked for is there');
  return found;
}

async function follow(
  { store }: Installation,
  tenantId: string,
  requested: Run,
  { isOver = isWhole, json, silent = false }: Task,
  signal: AbortSignal,
): Promise<Run> {
  let shown = '';
  for (;;) {
    const run = (await store.transact(tenantId, (tx) => tx.runs.find(requested.runId))) ?? requested;
    const now = await syncStatus(store, tenantId, run.organizationId);
    const { waiting, forecast } = now;
    const line = json
      ? JSON.stringify({ run: run.state, waiting, forecast, progress: run.progress })
      : progressInWords(run, now);
    if (line !== shown && !silent) await writeLine(line);
    shown = line;
    if (isOver(run, now) || signal.aborted) return run;
    await systemClock.sleep(500, signal);
  }
}

/** Prints what the run did; exit code 1 when it is not whole. */
export async function report(run: Run, json: boolean): Promise<void> {
  const braked = brakedKinds(run);
  if (run.state !== 'done' || run.reason !== null || braked.length > 0) process.exitCode = 1;
  if (json) return void (await writeJson(run));
  await writeLine(table(['kind', 'pages', 'rows', 'missing', 'not listed'], partsAsRows(run.progress)));
  if (braked.length > 0)
    await writeLine(`very many records are missing (${braked.join(', ')}); if that is right: millwright sync release`);
  if (run.reason !== null) await writeLine(`not whole: ${run.reason}`);
}
