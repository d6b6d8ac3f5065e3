import { isCoded } from '../base/coded-error.ts';
import type { Lease } from '../jobs/index.ts';
import { kindEntry, type Kind } from '../maintainx/index.ts';
import type { Outcome } from '../records/index.ts';
import { timedRead, type EnginePorts, type EngineTimes, type Site } from './engine.ts';
import { commitPage, isStub, isUntimedStub } from './list-page.ts';
import { transactUnder, type InboundTransaction } from './port.ts';
import { withKind } from './run-progress.ts';
import type { KindProgress, Run } from './statements.ts';

/** Missing records of a kind that a sweep believes by itself; more need a person (RELIABILITY B38). */
const BRAKE_LEAST = 20;
const BRAKE_SHARE = 0.05;

/** The listing of one kind as part of a run. */
export interface Listing {
  readonly ports: EnginePorts;
  readonly times: EngineTimes;
  readonly site: Site;
  readonly lease: Lease;
  readonly run: Run;
  readonly kind: Kind;
  /** Called between two pages, so that polling does not wait for the end of a long list. */
  readonly betweenPages: () => Promise<void>;
}

type Progress = readonly KindProgress[];

/**
 * Lists a kind from where the run stands to its end, page by page, each stored with the place from which to go on. A
 * sweep ends with the records that we hold and the list lacks: a single GET confirms each before it counts as deleted.
 */
export async function listKind(listing: Listing, before: Progress, signal: AbortSignal): Promise<Progress> {
  const startedAt = listing.ports.clock.now();
  const seen = new Set<string>();
  const cursors = new Set<string>();
  let progress = withKind(before, resumed(before, listing));
  while (!signal.aborted) {
    const next = await listPage(listing, progress, seen);
    progress = next.progress;
    const looping = next.cursor !== null && cursors.has(next.cursor);
    // A list that goes round in circles proves nothing about what it lacks.
    if (looping) listing.ports.log('a list repeats its cursor and was left', { kind: listing.kind });
    if (looping) return saved(listing, progress, { state: 'done' });
    if (next.cursor === null) return suspectMissing(listing, progress, seen, startedAt);
    cursors.add(next.cursor);
    await listing.betweenPages();
  }
  return progress;
}

/** A sweep that was interrupted lists the kind anew: what it had seen is not known any more. A backfill goes on. */
function resumed(before: Progress, { run, kind }: Listing): KindProgress {
  const known = partOf(before, kind);
  return run.what === 'backfill' ? { ...known, state: 'listing' } : { ...known, state: 'listing', cursor: null };
}

async function listPage(
  listing: Listing,
  progress: Progress,
  seen: Set<string>,
): Promise<{ readonly progress: Progress; readonly cursor: string | null }> {
  const { ports, site, lease, run, kind } = listing;
  const known = partOf(progress, kind);
  const client = site.client.inLane('sweep');
  const sort = sortOf(kind, run);
  const { result: page, time } = await timedRead(ports, () =>
    client.list(kind, { cursor: known.cursor ?? undefined, sort }).catch((error: unknown) => {
      // A cursor that MaintainX does not take any more: from the start again.
      if (known.cursor === null || !isCoded(error, 'maintainx-rejected')) throw error;
      return client.list(kind, { sort });
    }),
  );
  const changed = withKind(progress, {
    ...known,
    cursor: page.nextCursor,
    pages: known.pages + 1,
    rows: known.rows + page.rows.length,
  });
  const ids = await commitPage(ports, site, lease, { kind, page, read: time }, rereadRule(listing), async (tx) => {
    if (known.pages === 0) await startPolling(listing, tx, page.serverTime ?? time.at);
    await tx.runs.save(run.runId, changed);
  });
  for (const id of ids) seen.add(id);
  return { progress: changed, cursor: page.nextCursor };
}

/** Changes from the first page on are the poll's. */
async function startPolling({ ports, site, kind }: Listing, tx: InboundTransaction, from: number): Promise<void> {
  if (!kindEntry(kind).changesByTime) return;
  const known = await tx.cursors.watermark(site.organizationId, kind);
  if (known === null) await tx.cursors.saveWatermark(site.organizationId, kind, from, ports.clock.now());
}

/** A backfill goes from new to old; a sweep in the order in which rows shift least. */
function sortOf(kind: Kind, run: Run): string | undefined {
  const wanted = run.what === 'backfill' ? ['-createdAt'] : ['id', 'createdAt'];
  return wanted.find((sort) => kindEntry(kind).sorts.includes(sort));
}

function rereadRule({ run, kind, times, ports }: Listing): (outcome: Outcome) => boolean {
  const oldest = ports.clock.now() - times.rereadIntervalMs;
  const { reread } = run.options;
  return ({ held }) => {
    if (held === undefined || held.deletedAt !== null) return false;
    if (reread === 'all') return isStub(kind);
    return isUntimedStub(kind) && (reread === 'untimed' || (held.detailAt ?? 0) < oldest);
  };
}

async function suspectMissing(
  listing: Listing,
  progress: Progress,
  seen: ReadonlySet<string>,
  startedAt: number,
): Promise<Progress> {
  const { ports, site, lease, run, kind } = listing;
  if (run.what === 'backfill') return saved(listing, progress, { state: 'done', cursor: null });
  const ticket = await ports.store.nextTicket();
  return transactUnder(ports.store, lease, async (tx) => {
    tx.leases.wake('hydrate', ports.clock.now());
    const living = await tx.records.livingIds(site.organizationId, kind, startedAt);
    const missing = living.filter((id) => !seen.has(id));
    const tooMany = missing.length > Math.max(BRAKE_LEAST, living.length * BRAKE_SHARE);
    const braked = tooMany && !run.options.releaseBrake;
    if (braked) ports.log('too many records are missing at once', { kind, missing: missing.length });
    const keys = missing.map((recordId) => ({ organizationId: site.organizationId, kind, recordId }));
    const wishes = keys.map((key) => ({ key, reason: 'suspect', explainedBy: [] }) as const);
    await tx.hydrations.want(braked ? [] : wishes, ticket, ports.clock.now());
    const changed = withKind(progress, {
      ...partOf(progress, kind),
      state: 'done',
      cursor: null,
      suspects: missing.length,
      braked,
    });
    await tx.runs.save(run.runId, changed);
    return changed;
  });
}

async function saved(listing: Listing, progress: Progress, change: Partial<KindProgress>): Promise<Progress> {
  const changed = withKind(progress, { ...partOf(progress, listing.kind), ...change });
  await transactUnder(listing.ports.store, listing.lease, (tx) => tx.runs.save(listing.run.runId, changed));
  return changed;
}

function partOf(progress: Progress, kind: Kind): KindProgress {
  const found = progress.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`the run has no part for ${kind}`);
  return found;
}
