import type { Kind } from '../maintainx/index.ts';
import type { KindCount } from '../records/index.ts';
import type { InboundStore } from './port.ts';
import type { Run } from './statements.ts';

/** How a tenant's copy stands. Times are epoch milliseconds. */
export interface SyncStatus {
  /** Nothing waits: every webhook is read, every wanted record was looked at, no backfill or sweep is under way. */
  readonly quiet: boolean;
  readonly waiting: { readonly deliveries: number; readonly reads: number; readonly runs: number };
  readonly parked: { readonly deliveries: number; readonly reads: number };
  /** Kinds of which so many records were missing in the last sweep that their deletes wait for a person. */
  readonly braked: readonly Kind[];
  readonly run: Run | null;
  readonly lastSeq: number;
  readonly backfilledAt: number | null;
  readonly sweptAt: number | null;
  readonly polledAt: number | null;
  readonly records: readonly KindCount[];
}

export function syncStatus(store: InboundStore, tenantId: string): Promise<SyncStatus> {
  return store.transact(tenantId, async (tx) => {
    // In this order: a run makes wishes before it ends, and a delivery makes its wishes when it is settled.
    const run = (await tx.runs.current()) ?? null;
    const deliveries = await tx.deliveries.counts();
    const reads = await tx.hydrations.counts();
    const lastSweep = await tx.runs.lastSweep();
    const waiting = { deliveries: deliveries.waiting, reads: reads.waiting, runs: run === null ? 0 : 1 };
    return {
      quiet: waiting.deliveries + waiting.reads + waiting.runs === 0,
      waiting,
      parked: { deliveries: deliveries.parked, reads: reads.parked },
      braked: lastSweep === undefined ? [] : brakedKinds(lastSweep),
      run,
      lastSeq: await tx.log.lastSeq(),
      backfilledAt: await tx.runs.lastFinished('backfill'),
      sweptAt: await tx.runs.lastFinished('sweep'),
      polledAt: await tx.cursors.lastPoll(),
      records: await tx.records.counts(),
    };
  });
}

/** Kinds whose deletes wait for a person. */
export const brakedKinds = (run: Run): readonly Kind[] =>
  run.progress.filter((part) => part.braked).map((part) => part.kind);
