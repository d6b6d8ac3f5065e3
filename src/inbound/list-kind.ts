import { isCoded } from '../base/coded-error.ts';
import type { Lease } from '../jobs/index.ts';
import type { JsonObject } from '../base/json.ts';
import { kindEntry, type Kind, type ListedKind, type Page } from '../maintainx/index.ts';
import type { Outcome } from '../records/index.ts';
import { timedRead, type EnginePorts, type EngineTimes, type Site } from './engine.ts';
import { commitPage, isStub, isUntimedStub, type WishRule } from './list-page.ts';
import { transactUnder, type InboundTransaction } from './port.ts';
import type { KindProgress, Run } from './run.ts';
import { horizonOf, type PullSettings } from './settings.ts';
import type { ReadReason } from './statements.ts';
import { afterPage, isBraked } from './suspects.ts';

/** The listing of one kind as part of a run. */
export interface Listing {
  readonly ports: EnginePorts;
  readonly times: EngineTimes;
  readonly site: Site;
  readonly lease: Lease;
  readonly settings: PullSettings;
  readonly run: Run;
}

type Rows = Page<JsonObject>;

/**
 * Lists a kind from where the run stands, page by page, each stored with the place from which to go on, to its end or
 * until `mayGoOn` says no. A sweep ends with the records that we hold and the list lacks: a single GET confirms each
 * before it counts as deleted.
 */
export async function listKind(listing: Listing, from: KindProgress, mayGoOn: () => boolean): Promise<KindProgress> {
  let part = from;
  if (part.state === 'listing' && part.pages > 0) listing.ports.noticed('run-resumed');
  while (part.state !== 'done' && mayGoOn()) part = await listPage(listing, part);
  return part;
}

/** One page, stored; the last one ends the kind. */
export async function listPage(listing: Listing, part: KindProgress): Promise<KindProgress> {
  const { ports, site, lease, run } = listing;
  const { kind } = part;
  const began = { ...part, startedAt: part.startedAt ?? ports.clock.now() };
  const { result, time } = await timedRead(ports, () => readPage(listing, began));
  const { page, requests, from } = result;
  const asked = { ...began, cursor: from, requests: began.requests + requests - 1 };
  const step = afterPage(asked, page.rows.length, page.nextCursor);
  let after = step.part;
  const told = await commitPage(
    ports,
    site,
    lease,
    { kind, page, read: time, settings: listing.settings, readsNested: run.options.reread !== 'none' },
    wishRule(listing, kind),
    async (tx, { ids }) => {
      if (part.pages === 0) await startPolling(listing, kind, tx, page.serverTime ?? time.at);
      if (run.what === 'sweep') await meet(listing, step.part, ids, tx);
      after = await ended(listing, step.part, step.next, tx);
      await tx.runs.save(run.runId, after);
    },
  );
  noticeRows(listing, told.outcomes);
  if (step.next === 'again' || step.next === 'given-up') {
    ports.noticed('list-cursor-loop');
    ports.log('a list goes round in circles', { kind, loops: after.loops });
  }
  return after;
}

interface ReadPage {
  readonly page: Rows;
  readonly requests: number;
  /** The cursor that was taken. */
  readonly from: string | null;
}

/**
 * A cursor that MaintainX takes no more: from the start again. An empty page where there should be rows is asked for once
 * more: MaintainX answered so by mistake (FACTS 2.3).
 */
async function readPage(listing: Listing, { kind, cursor }: KindProgress): Promise<ReadPage> {
  const { ports, site } = listing;
  const list = (at: string | null): Promise<Rows> => pageAt(listing, kind, at);
  let requests = 1;
  let from = cursor;
  let page = await list(from).catch((error: unknown) => {
    if (from === null || !isCoded(error, 'maintainx-rejected')) throw error;
    ports.noticed('list-cursor-refused');
    requests++;
    from = null;
    return list(null);
  });
  const isEmpty = page.rows.length === 0 && page.nextCursor === null;
  if (isEmpty && (from !== null || (await holdsAny(ports, site, kind)))) {
    ports.noticed('list-empty');
    requests++;
    page = await list(from);
  }
  return { page, requests, from };
}

const holdsAny = async ({ store }: EnginePorts, site: Site, kind: Kind): Promise<boolean> =>
  (await store.transact(site.tenantId, (tx) => tx.records.livingCount(site.organizationId, kind))) > 0;

function pageAt({ site, settings, run }: Listing, kind: ListedKind, cursor: string | null): Promise<Rows> {
  const createdSince = horizonOf(settings, kind) ?? undefined;
  return site.client.inLane('sweep').list(kind, { cursor: cursor ?? undefined, sort: sortOf(kind, run), createdSince });
}

/** A backfill goes from new to old; a sweep in the order in which rows shift least. */
export function sortOf(kind: Kind, run: Pick<Run, 'what'>): string | undefined {
  const wanted = run.what === 'backfill' ? ['-createdAt'] : ['id', 'createdAt'];
  return wanted.find((sort) => kindEntry(kind).sorts.includes(sort));
}

/** Changes from the first page on are the poll's. */
async function startPolling({ ports, site }: Listing, kind: Kind, tx: InboundTransaction, from: number): Promise<void> {
  if (!kindEntry(kind).changesByTime) return;
  const known = await tx.cursors.watermark(site.organizationId, kind);
  if (known === null) await tx.cursors.saveWatermark(site.organizationId, kind, from, ports.clock.now());
}

async function meet(
  { ports, run }: Listing,
  { kind, pages }: KindProgress,
  ids: readonly string[],
  tx: InboundTransaction,
): Promise<void> {
  if ((await tx.runs.metBefore(run.runId, kind, ids)) > 0) ports.noticed('row-seen-twice');
  await tx.runs.meet(run.runId, kind, pages, ids);
}

function wishRule({ run, settings }: Listing, kind: ListedKind): WishRule {
  const { reread } = run.options;
  const isDue = reread === 'all' ? isStub(kind) : reread === 'untimed' && isUntimedStub(kind);
  const asked = ({ wants, why, held }: Outcome): ReadReason | null => {
    if (wants === 'recheck') return 'recheck';
    // Lists lag, but a row that stays older than what we hold may be right: a single read decides.
    if (run.what === 'sweep' && why === 'stale-read-refused') return 'recheck';
    if (wants === 'detail' && settings.details === 'all') return held?.detailAt === null ? 'detail' : 'change';
    return isDue && held?.deletedAt === null ? 'reread' : null;
  };
  // A person asked for all: what was given up is tried again, too.
  return reread === 'all' ? (outcome) => (asked(outcome) === null ? null : 'reread') : asked;
}

function noticeRows({ ports, run }: Listing, outcomes: readonly Outcome[]): void {
  if (run.what !== 'sweep') return;
  for (const { verdict, why } of outcomes) {
    if (verdict === 'appeared' || verdict === 'changed') ports.noticed('found-by-sweep');
    if (why === 'stale-read-refused') ports.noticed('lagging-row-in-sweep');
  }
}

/** What follows when a list has come to its end, or is given up. */
function ended(
  listing: Listing,
  part: KindProgress,
  next: ReturnType<typeof afterPage>['next'],
  tx: InboundTransaction,
): Promise<KindProgress> | KindProgress {
  switch (next) {
    case 'page':
      return part;
    case 'again':
      return begunAnew(listing, part, tx);
    case 'given-up':
      return { ...part, state: 'done', refused: 'the list goes round in circles' };
    case 'end':
      return listing.run.what === 'sweep' ? suspectMissing(listing, part, tx) : { ...part, state: 'done' };
  }
}

async function begunAnew({ run }: Listing, part: KindProgress, tx: InboundTransaction): Promise<KindProgress> {
  await tx.runs.forgetMet(run.runId, part.kind);
  return part;
}

async function suspectMissing(listing: Listing, part: KindProgress, tx: InboundTransaction): Promise<KindProgress> {
  const { ports, site, run, settings } = listing;
  const { kind } = part;
  const { organizationId } = site;
  const now = ports.clock.now();
  const { living, missing } = await tx.runs.missing({
    runId: run.runId,
    organizationId,
    kind,
    firstSeenBefore: part.startedAt ?? now,
    createdFrom: horizonOf(settings, kind),
  });
  const { releaseBrake } = run.options;
  const braked = isBraked(missing.length, living) && !releaseBrake;
  const keys = missing.map((recordId) => ({ organizationId, kind, recordId }));
  const ticket = await tx.nextTicket();
  await tx.hydrations.dropHeld(organizationId, kind);
  if (braked) await tx.hydrations.hold(keys, ticket, now);
  else {
    const wishes = keys.map((key) => ({ key, reason: 'suspect', explainedBy: [], released: releaseBrake }) as const);
    await tx.hydrations.want(wishes, ticket, now);
    tx.leases.wake('hydrate', now);
  }
  if (missing.length > 0) ports.noticed('suspect-raised');
  if (braked) {
    ports.noticed('brake-on');
    ports.alarm('too many records are missing at once: their deletes wait for a person', {
      kind,
      missing: missing.length,
    });
  }
  await tx.runs.forgetMet(run.runId, kind);
  return { ...part, state: 'done', suspects: missing.length, braked };
}

/** Notes that MaintainX does not let the kind be listed: the run goes on without it. */
export async function refuseKind(listing: Listing, part: KindProgress, reason: string): Promise<void> {
  const { ports, site, lease, run } = listing;
  ports.noticed('kind-refused');
  await transactUnder(ports.store, lease, async (tx) => {
    await tx.access.noteChange(site.organizationId, part.kind, ports.clock.now());
    await tx.runs.save(run.runId, { ...part, state: 'done', refused: reason });
  });
}
