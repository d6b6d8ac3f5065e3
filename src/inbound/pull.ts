import { backoff } from '../base/backoff.ts';
import type { LaneWork, Lease } from '../jobs/index.ts';
import { newId, type EnginePorts, type EngineTimes, type Site } from './engine.ts';
import { listKind } from './list-kind.ts';
import { poll } from './poll.ts';
import { transactUnder } from './port.ts';
import { isAboutOneKind, passes } from './trouble.ts';
import { freshProgress } from './run-progress.ts';
import type { Run, RunKind } from './statements.ts';

/** Polls when due, does the requested backfill or sweep, backfills a new tenant, sweeps when the last sweep is old. */
export function pullWork(ports: EnginePorts, times: EngineTimes): LaneWork {
  const rests = new Map<string, Rest>();
  return async (lease, signal) => {
    const { tenantId } = lease;
    const site = await ports.siteOf(tenantId);
    while (!signal.aborted) {
      const plan = await planOf(ports, times, tenantId);
      const now = ports.clock.now();
      const rest = rests.get(tenantId) ?? { failures: 0, until: 0 };
      if (plan.pollAt <= now) await poll(ports, times, site, lease);
      else if (plan.run !== undefined && rest.until <= now) {
        const ended = await advance(ports, times, site, lease, plan.run, signal);
        if (ended) rests.delete(tenantId);
        else rests.set(tenantId, restAfter(ports, rest.failures));
      } else if (plan.run !== undefined) return Math.min(plan.pollAt, rest.until);
      else if (!plan.backfilled) await request(ports, lease, 'backfill');
      else if (plan.sweepAt <= now) await request(ports, lease, 'sweep');
      else return nextLook(plan);
    }
    return ports.clock.now();
  };
}

/** A run with kinds in trouble rests before they are tried again; polling goes on meanwhile. */
interface Rest {
  readonly failures: number;
  readonly until: number;
}

const restAfter = ({ clock, random }: EnginePorts, failures: number): Rest => ({
  failures: failures + 1,
  until: clock.now() + 500 + backoff(failures, random, 1_000, 300_000),
});

function nextLook({ pollAt, sweepAt }: Plan): number | null {
  const next = Math.min(pollAt, sweepAt);
  return Number.isFinite(next) ? next : null;
}

interface Plan {
  readonly run: Run | undefined;
  readonly backfilled: boolean;
  /** When to poll and sweep next, epoch milliseconds; Infinity before the first backfill. */
  readonly pollAt: number;
  readonly sweepAt: number;
}

function planOf(ports: EnginePorts, times: EngineTimes, tenantId: string): Promise<Plan> {
  return ports.store.transact(tenantId, async (tx) => {
    const polled = await tx.cursors.lastPoll();
    const backfilled = await tx.runs.lastFinished('backfill');
    const swept = await tx.runs.lastFinished('sweep');
    return {
      run: await tx.runs.current(),
      backfilled: backfilled !== null,
      pollAt: polled === null ? Infinity : polled + times.pollIntervalMs,
      sweepAt: backfilled === null ? Infinity : Math.max(backfilled, swept ?? 0) + times.sweepIntervalMs,
    };
  });
}

async function request(ports: EnginePorts, lease: Lease, what: RunKind): Promise<void> {
  await transactUnder(ports.store, lease, (tx) =>
    tx.runs.request({
      runId: newId(ports),
      what,
      options: { reread: 'due', releaseBrake: false },
      requestedAt: ports.clock.now(),
    }),
  );
}

/** Goes on with a run; true: it has ended. A kind in trouble does not keep the others waiting, but the run stays open. */
async function advance(
  ports: EnginePorts,
  times: EngineTimes,
  site: Site,
  lease: Lease,
  run: Run,
  signal: AbortSignal,
): Promise<boolean> {
  const refused: string[] = [];
  let troubled = false;
  const betweenPages = async (): Promise<void> => {
    const { pollAt } = await planOf(ports, times, lease.tenantId);
    if (pollAt <= ports.clock.now()) await poll(ports, times, site, lease);
  };
  let progress = run.progress.length > 0 ? run.progress : freshProgress();
  for (const { kind } of progress.filter((part) => part.state !== 'done')) {
    if (signal.aborted) return false;
    try {
      progress = await listKind({ ports, times, site, lease, run, kind, betweenPages }, progress, signal);
    } catch (error) {
      if (!isAboutOneKind(error)) throw error;
      ports.log('a kind could not be listed', { kind, reason: `${error.code}: ${error.message}` });
      if (passes(error)) troubled = true;
      else refused.push(`${kind}: ${error.message}`);
    }
    // The parts of the other kinds may have moved on even though this one failed.
    const stored = await ports.store.transact(lease.tenantId, (tx) => tx.runs.find(run.runId));
    if (stored !== undefined && stored.progress.length > 0) progress = stored.progress;
  }
  if (signal.aborted || troubled) return false;
  const reason = refused.length === 0 ? null : refused.join('; ');
  await transactUnder(ports.store, lease, (tx) => tx.runs.finish(run.runId, ports.clock.now(), reason));
  return true;
}
