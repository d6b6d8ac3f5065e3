import { backoff } from '../base/backoff.ts';
import type { LaneWork, Lease } from '../jobs/index.ts';
import { withAccess } from './access.ts';
import { advance, type Turn } from './advance.ts';
import { newId, type EnginePorts, type EngineTimes, type Site } from './engine.ts';
import { createPacing, type Pacing } from './pacing.ts';
import { poll } from './poll.ts';
import { transactUnder } from './port.ts';
import { reread } from './reread.ts';
import { PLAIN_RUN, type Run, type RunKind } from './run.ts';
import { kindsIn, type PullSettings } from './settings.ts';

/** After this time other tenants get their turn. */
const TIME_SLICE_MS = 20_000;
/** While single reads of a first copy wait, sweeps come so many times more seldom. */
const BUSY_SWEEPS = 6;

/** What this process remembers of a tenant between two turns. */
interface Memory {
  /** A run with kinds in trouble rests; polling goes on meanwhile. */
  readonly rest: { readonly failures: number; readonly until: number };
  readonly rereadAt: number;
  /** The last step was a poll: where polls take longer than their interval, a run gets every other step. */
  readonly hasPolled: boolean;
}

/** What a run gets between two polls that are always due. */
const FAIR_TURN_MS = 10_000;

const FRESH: Memory = { rest: { failures: 0, until: 0 }, rereadAt: 0, hasPolled: false };

/** Polls when due, does the requested backfill or sweep, backfills a new tenant, sweeps when the last sweep is old. */
export function pullWork(ports: EnginePorts, times: EngineTimes): LaneWork {
  const memories = new Map<string, Memory>();
  const pacing = createPacing(ports.clock, times);
  return withAccess(ports, async (site, lease, signal) => {
    const sliceEnd = ports.clock.now() + TIME_SLICE_MS;
    while (!signal.aborted && ports.clock.now() < sliceEnd) {
      const memory = memories.get(lease.tenantId) ?? FRESH;
      const plan = await planOf(ports, times, site, pacing);
      const turn: Turn = { ports, times, site, lease, settings: plan.settings, sliceEnd, signal };
      const step = nextStep(plan, memory, ports.clock.now());
      if (step.what === 'wait') return Number.isFinite(step.until) ? step.until : null;
      memories.set(lease.tenantId, await take(turn, step, memory));
    }
    return ports.clock.now();
  });
}

interface Plan {
  readonly settings: PullSettings;
  readonly run: Run | undefined;
  /** A person paused the backfill, or wants to know its cost first. */
  readonly isHeldUp: boolean;
  readonly backfilled: boolean;
  readonly hasDetails: boolean;
  /** When to poll and sweep next, epoch milliseconds; Infinity before the first backfill. */
  readonly pollAt: number;
  readonly sweepAt: number;
}

type Step =
  | { readonly what: 'poll' | 'reread' }
  | { readonly what: 'advance'; readonly run: Run; readonly until: number }
  | { readonly what: 'request'; readonly kind: RunKind }
  | { readonly what: 'wait'; readonly until: number };

/** What to do now. Pure. */
function nextStep(plan: Plan, { rest, rereadAt, hasPolled }: Memory, now: number): Step {
  const isPollDue = plan.pollAt <= now;
  const isRunDue = plan.run !== undefined && rest.until <= now;
  if (isPollDue && !(isRunDue && hasPolled)) return { what: 'poll' };
  if (plan.run !== undefined && isRunDue)
    return { what: 'advance', run: plan.run, until: isPollDue ? now + FAIR_TURN_MS : plan.pollAt };
  if (plan.run !== undefined) return { what: 'wait', until: Math.min(plan.pollAt, rest.until) };
  if (plan.isHeldUp) return { what: 'wait', until: plan.pollAt };
  if (!plan.backfilled) return { what: 'request', kind: 'backfill' };
  if (plan.sweepAt <= now) return { what: 'request', kind: 'sweep' };
  if (rereadAt <= now && !plan.hasDetails) return { what: 'reread' };
  const looksAgain = plan.hasDetails ? Infinity : rereadAt;
  return { what: 'wait', until: Math.min(plan.pollAt, plan.sweepAt, looksAgain) };
}

async function take(turn: Turn, step: Exclude<Step, { what: 'wait' }>, memory: Memory): Promise<Memory> {
  const { ports, times, lease, settings } = turn;
  switch (step.what) {
    case 'poll':
      await poll(turn);
      return { ...memory, hasPolled: true };
    case 'reread':
      await reread(turn);
      return { ...memory, rereadAt: ports.clock.now() + times.pollIntervalMs };
    case 'advance': {
      const outcome = await advance(turn, step.run, step.until);
      return outcome === 'troubled'
        ? { ...memory, hasPolled: false, rest: restAfter(ports, memory.rest.failures) }
        : { ...memory, hasPolled: false, rest: FRESH.rest };
    }
    case 'request':
      await request(ports, lease, settings, step.kind);
      return memory;
  }
}

const restAfter = ({ clock, random }: EnginePorts, failures: number): Memory['rest'] => ({
  failures: failures + 1,
  until: clock.now() + 500 + backoff(failures, random, 1_000, 300_000),
});

function planOf(ports: EnginePorts, times: EngineTimes, site: Site, pacing: Pacing): Promise<Plan> {
  return ports.store.transact(site.tenantId, async (tx) => {
    const settings = await pacing.settings(tx, site);
    const polled = await tx.cursors.lastPoll();
    const backfilled = await tx.runs.lastFinished('backfill');
    const swept = await tx.runs.lastFinished('sweep');
    const run = await tx.runs.current();
    const backfill = await tx.runs.unfinished('backfill');
    const { details } = await tx.hydrations.counts();
    const interval = settings.sweepIntervalMs ?? times.sweepIntervalMs;
    const spaced = details > 0 ? interval * BUSY_SWEEPS : interval;
    return {
      settings,
      run: settings.paused && run?.what === 'backfill' && run.surveyedAt !== null ? undefined : run,
      isHeldUp: backfill !== undefined && (settings.paused || backfilled === null),
      backfilled: backfilled !== null,
      hasDetails: details > 0,
      pollAt: polled === null ? Infinity : polled + times.pollIntervalMs,
      sweepAt: backfilled === null ? Infinity : Math.max(backfilled, swept ?? 0) + spaced,
    };
  });
}

async function request(ports: EnginePorts, lease: Lease, settings: PullSettings, what: RunKind): Promise<void> {
  await transactUnder(ports.store, lease, (tx) =>
    tx.runs.request(
      { runId: newId(ports), what, options: PLAIN_RUN, requestedAt: ports.clock.now() },
      kindsIn(settings),
    ),
  );
}
