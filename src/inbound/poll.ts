import type { Lease } from '../jobs/index.ts';
import { kindEntry, LISTED_KINDS, type ListedKind } from '../maintainx/index.ts';
import type { Outcome } from '../records/index.ts';
import { newId, timedRead, type EnginePorts, type EngineTimes, type Site } from './engine.ts';
import { commitPage, type ListedPage, type Told, type WishRule } from './list-page.ts';
import { transactUnder } from './port.ts';
import { PLAIN_RUN } from './run.ts';
import { listedIn, type PullSettings } from './settings.ts';
import { isAboutOneKind } from './trouble.ts';
import { nextPlace, pollFrom, watermarkAfter } from './watermark.ts';

/** Kinds that are polled: their list takes `updatedAt[gte]` and sorts by it. */
export const POLLED: readonly ListedKind[] = LISTED_KINDS.filter((kind) => kindEntry(kind).changesByTime);

export interface Polling {
  readonly ports: EnginePorts;
  readonly times: EngineTimes;
  readonly site: Site;
  readonly lease: Lease;
  readonly settings: PullSettings;
}

/**
 * Reads what changed since the watermark of each polled kind that is due; kinds that were never listed are left to the
 * backfill. A kind in trouble does not keep the others from being polled: it is asked again at the next interval, from
 * the same watermark. When polling was interrupted for long, a sweep is asked for: other kinds have a gap too.
 */
export async function poll(polling: Polling): Promise<void> {
  const { ports, times, site, lease } = polling;
  let interrupted = false;
  for (const kind of listedIn(polling.settings).filter((one) => POLLED.includes(one))) {
    const due = await dueFrom(polling, kind);
    if (due === null) continue;
    try {
      await pollKind(polling, kind, due.watermark, due.watermark - times.pollOverlapMs);
      interrupted ||= ports.clock.now() - due.succeededAt > times.catchUpAfterMs;
    } catch (error) {
      if (!isAboutOneKind(error)) throw error;
      ports.log('a kind could not be polled', { kind, reason: `${error.code}: ${error.message}` });
      await transactUnder(ports.store, lease, (tx) =>
        tx.cursors.attempted(site.organizationId, kind, ports.clock.now()),
      );
    }
  }
  if (interrupted) await catchUp(polling);
}

interface Due {
  readonly watermark: number;
  readonly succeededAt: number;
}

/** Where the kind was left, if it is due; null: not now. */
function dueFrom({ ports, times, site }: Polling, kind: ListedKind): Promise<Due | null> {
  return ports.store.transact(site.tenantId, async (tx) => {
    const polledAt = await tx.cursors.polledAt(site.organizationId, kind);
    if (polledAt === null || polledAt + times.pollIntervalMs > ports.clock.now()) return null;
    const watermark = await tx.cursors.watermark(site.organizationId, kind);
    const succeededAt = await tx.cursors.succeededAt(site.organizationId, kind);
    return watermark === null ? null : { watermark, succeededAt: succeededAt ?? polledAt };
  });
}

async function catchUp({ ports, site, lease, settings }: Polling): Promise<void> {
  ports.noticed('catch-up');
  ports.log('polling was interrupted: a sweep covers the gap');
  await transactUnder(ports.store, lease, (tx) =>
    tx.runs.request(
      {
        runId: newId(ports),
        organizationId: site.organizationId,
        what: 'sweep',
        options: PLAIN_RUN,
        requestedAt: ports.clock.now(),
      },
      listedIn(settings),
    ),
  );
}

async function pollKind(polling: Polling, kind: ListedKind, watermark: number, since: number): Promise<void> {
  const { ports, site, lease } = polling;
  const client = site.client.inLane('poll');
  let place = pollFrom(since);
  let reached = watermark;
  for (;;) {
    const { anchor, cursor } = place;
    const { result: page, time } = await timedRead(ports, () =>
      client.list(kind, { sort: 'updatedAt', updatedSince: anchor, cursor }),
    );
    const listed: ListedPage = { kind, page, read: time, settings: polling.settings, readsNested: false };
    const clock = page.serverTime ?? time.at;
    const told = await commitPage(ports, site, lease, listed, afterPoll(polling), async (tx, { times }) => {
      const after = watermarkAfter(reached, times, clock).watermark;
      await tx.cursors.saveWatermark(site.organizationId, kind, after, ports.clock.now());
    });
    const after = watermarkAfter(reached, told.times, clock);
    if (after.isClamped) ports.noticed('watermark-clamped');
    noticeLate(ports, told, watermark);
    reached = after.watermark;
    const next = nextPlace(place, { times: told.times, nextCursor: page.nextCursor });
    if (next.how !== 'end') ports.noticed(next.how);
    if (next.go === null) return;
    place = next.go;
  }
}

/** A row that tells a change is read whole at once, before the rows of a first copy. */
const afterPoll = ({ settings }: Polling): WishRule => {
  return ({ wants }: Outcome) => (wants === 'detail' ? (settings.details === 'all' ? 'change' : null) : wants);
};

function noticeLate(ports: EnginePorts, { times, outcomes }: Told, watermark: number): void {
  const isLate = outcomes.some(
    ({ verdict }, index) =>
      (verdict === 'appeared' || verdict === 'changed') && (times[index] ?? watermark) < watermark,
  );
  if (isLate) ports.noticed('late-visible-record');
}
