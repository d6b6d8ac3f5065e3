import type { KindCount } from '../records/index.ts';
import type { InboundStore } from './port.ts';
import { forecastOf, type Forecast } from './plan.ts';
import type { Run } from './run.ts';
import type { HeldKind, HydrationCounts, Refusal, WithheldKind } from './statements.ts';

/** How a tenant's copy stands, or that of one of its organisations. Times are epoch milliseconds. */
export interface SyncStatus {
  /** Nothing waits: every webhook is read, every wanted record was looked at, no backfill or sweep is under way. */
  readonly quiet: boolean;
  readonly waiting: { readonly deliveries: number; readonly reads: number; readonly runs: number };
  readonly parked: { readonly deliveries: number; readonly reads: number };
  /** Records of which so many were missing at once that their deletes wait for a person. */
  readonly held: readonly HeldKind[];
  /** Key or permission changed a short while ago: what seems deleted since then counts as such later. */
  readonly withheld: readonly WithheldKind[];
  /** MaintainX refuses the key: the tenant rests. */
  readonly refusal: Refusal | null;
  /** Under way, or a backfill that rests. */
  readonly run: Run | null;
  /** A person lets the first copy rest. */
  readonly paused: boolean;
  /** What is left of a first copy whose cost is known. */
  readonly forecast: Forecast | null;
  readonly lastSeq: number;
  readonly backfilledAt: number | null;
  readonly sweptAt: number | null;
  readonly polledAt: number | null;
  readonly records: readonly KindCount[];
}

export function syncStatus(
  store: InboundStore,
  tenantId: string,
  organizationId: string | null = null,
): Promise<SyncStatus> {
  return store.transact(tenantId, async (tx) => {
    // In this order: a run makes wishes before it ends, and a delivery makes its wishes when it is settled.
    const current = await tx.runs.current(organizationId);
    const run = current ?? (await tx.runs.unfinished(organizationId, 'backfill')) ?? null;
    const deliveries = await tx.deliveries.counts();
    const reads = await tx.hydrations.counts(organizationId);
    const waiting = { deliveries: deliveries.waiting, reads: reads.waiting, runs: current === undefined ? 0 : 1 };
    return {
      quiet: waiting.deliveries + waiting.reads + waiting.runs === 0,
      waiting,
      parked: { deliveries: deliveries.parked, reads: reads.parked },
      held: await tx.hydrations.held(),
      withheld: await tx.hydrations.withheld(),
      refusal: await tx.access.refusal(organizationId),
      run,
      paused: (await tx.settings.read()).paused,
      forecast: forecast(run?.what === 'backfill' ? run : await tx.runs.last(organizationId, 'backfill'), reads),
      lastSeq: await tx.log.lastSeq(),
      backfilledAt: await tx.runs.lastFinished(organizationId, 'backfill'),
      sweptAt: await tx.runs.lastFinished(organizationId, 'sweep'),
      polledAt: await tx.cursors.lastPoll(organizationId),
      records: await tx.records.counts(organizationId),
    };
  });
}

/** Of the last backfill: its lists may be read while single reads still wait. */
function forecast(backfill: Run | undefined, { details }: HydrationCounts): Forecast | null {
  const plan = backfill?.plan ?? null;
  return backfill === undefined || plan === null ? null : forecastOf(backfill.progress, plan, details);
}
