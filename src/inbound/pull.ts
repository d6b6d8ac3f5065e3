import { backoff } from '../base/backoff.ts';
import type { LaneWork } from '../jobs/index.ts';
import { withAccess } from './access.ts';
import { advance, type Turn } from './advance.ts';
import { newId, type EnginePorts, type EngineTimes, type Site } from './engine.ts';
import { createPacing, type Pacing } from './pacing.ts';
import { poll } from './poll.ts';
import { transactUnder } from './port.ts';
import { reread } from './reread.ts';
import { nextStep, type Memory, type Plan, type Step } from './next-step.ts';
import { PLAIN_RUN, type RunKind } from './run.ts';
import { listedIn } from './settings.ts';
import { createSilenceWatch } from './silence.ts';

/** After this time other tenants get their turn. */
const TIME_SLICE_MS = 20_000;
/** While single reads of a first copy wait, sweeps come so many times more seldom. */
const BUSY_SWEEPS = 6;

const FRESH: Memory = { rest: { failures: 0, until: 0 }, rereadAt: 0, hasPolled: false };

/** Polls when due, does the requested backfill or sweep, backfills a new tenant, sweeps when the last sweep is old. */
export function pullWork(ports: EnginePorts, times: EngineTimes): LaneWork {
  const memories = new Map<string, Memory>();
  const pacing = createPacing(ports.clock, times);
  const silence = createSilenceWatch(ports);
  return withAccess(ports, async (site, lease, signal) => {
    const sliceEnd = ports.clock.now() + TIME_SLICE_MS;
    while (!signal.aborted && ports.clock.now() < sliceEnd) {
      const memory = memories.get(site.connectionId) ?? FRESH;
      const plan = await planOf(ports, times, site, pacing);
      const turn: Turn = { ports, times, site, lease, settings: plan.settings, sliceEnd, signal };
      const step = nextStep(plan, memory, ports.clock.now());
      if (step.what === 'wait') return Number.isFinite(step.until) ? step.until : null;
      memories.set(site.connectionId, await take(turn, step, memory));
      if (step.what === 'poll') await silence.look(turn);
    }
    return ports.clock.now();
  });
}

async function take(turn: Turn, step: Exclude<Step, { what: 'wait' }>, memory: Memory): Promise<Memory> {
  const { ports, times } = turn;
  switch (step.what) {
    case 'poll':
      await poll(turn);
      return { ...memory, hasPolled: true };
    case 'reread':
      await reread(turn);
      return { ...memory, hasPolled: false, rereadAt: ports.clock.now() + times.pollIntervalMs };
    case 'advance': {
      const outcome = await advance(turn, step.run, step.until);
      return outcome === 'troubled'
        ? { ...memory, hasPolled: false, rest: restAfter(ports, memory.rest.failures) }
        : { ...memory, hasPolled: false, rest: FRESH.rest };
    }
    case 'request':
      await request(turn, step.kind);
      return memory;
  }
}

const restAfter = ({ clock, random }: EnginePorts, failures: number): Memory['rest'] => ({
  failures: failures + 1,
  until: clock.now() + 500 + backoff(failures, random, 1_000, 300_000),
});

function planOf(ports: EnginePorts, times: EngineTimes, site: Site, pacing: Pacing): Promise<Plan> {
  const { organizationId } = site;
  return ports.store.transact(site.tenantId, async (tx) => {
    const settings = await pacing.settings(tx, site);
    const polled = await tx.cursors.lastPoll(organizationId);
    const backfilled = await tx.runs.lastFinished(organizationId, 'backfill');
    const swept = await tx.runs.lastFinished(organizationId, 'sweep');
    const run = await tx.runs.current(organizationId);
    const backfill = await tx.runs.unfinished(organizationId, 'backfill');
    const { details } = await tx.hydrations.counts(organizationId);
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

async function request({ ports, site, lease, settings }: Turn, what: RunKind): Promise<void> {
  await transactUnder(ports.store, lease, (tx) =>
    tx.runs.request(
      {
        runId: newId(ports),
        organizationId: site.organizationId,
        what,
        options: PLAIN_RUN,
        requestedAt: ports.clock.now(),
      },
      listedIn(settings),
    ),
  );
}
