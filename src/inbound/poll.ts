import type { Lease } from '../jobs/index.ts';
import { kindEntry, KINDS, type Kind } from '../maintainx/index.ts';
import { timeOf } from '../records/index.ts';
import { timedRead, type EnginePorts, type EngineTimes, type Site } from './engine.ts';
import { commitPage, noReread, type ListedPage } from './list-page.ts';
import { transactUnder } from './port.ts';
import { isAboutOneKind } from './trouble.ts';

/** Kinds that are polled: their list takes `updatedAt[gte]` and sorts by it. */
const POLLED = KINDS.filter((kind) => kindEntry(kind).changesByTime);

/**
 * Reads what changed since the watermark of each polled kind that is due; kinds that were never listed are left to the
 * backfill. A kind in trouble does not keep the others from being polled: it is asked again at the next interval, from
 * the same watermark.
 */
export async function poll(ports: EnginePorts, times: EngineTimes, site: Site, lease: Lease): Promise<void> {
  for (const kind of POLLED) {
    const from = await dueFrom(ports, times, site, kind);
    if (from === null) continue;
    try {
      await pollKind(ports, site, lease, kind, from, from - times.pollOverlapMs);
    } catch (error) {
      if (!isAboutOneKind(error)) throw error;
      ports.log('a kind could not be polled', { kind, reason: `${error.code}: ${error.message}` });
      await skip(ports, site, lease, kind, from);
    }
  }
}

/** The watermark of a kind that is due; null: not now. */
function dueFrom(ports: EnginePorts, times: EngineTimes, site: Site, kind: Kind): Promise<number | null> {
  return ports.store.transact(site.tenantId, async (tx) => {
    const polledAt = await tx.cursors.polledAt(site.organizationId, kind);
    if (polledAt === null || polledAt + times.pollIntervalMs > ports.clock.now()) return null;
    return tx.cursors.watermark(site.organizationId, kind);
  });
}

/** The watermark stays where it was: nothing is lost by the wait. */
function skip(ports: EnginePorts, site: Site, lease: Lease, kind: Kind, watermark: number): Promise<void> {
  return transactUnder(ports.store, lease, (tx) =>
    tx.cursors.saveWatermark(site.organizationId, kind, watermark, ports.clock.now()),
  );
}

/**
 * Pages through the changes since `since`. Rows shift while one pages by offset, so the next page is anchored on the
 * last row's `updatedAt`, itself included; by cursor it goes on only while a whole page has one and the same time.
 */
async function pollKind(
  ports: EnginePorts,
  site: Site,
  lease: Lease,
  kind: Kind,
  watermark: number,
  since: number,
): Promise<void> {
  const client = site.client.inLane('poll');
  const cursors = new Set<string>();
  let anchor = since;
  let cursor: string | undefined;
  for (;;) {
    const { result: page, time } = await timedRead(ports, () =>
      client.list(kind, { sort: 'updatedAt', updatedSince: anchor, cursor }),
    );
    const listed: ListedPage = { kind, page, read: time };
    await commitPage(ports, site, lease, listed, noReread, (tx) =>
      tx.cursors.saveWatermark(site.organizationId, kind, watermarkAfter(listed, watermark), ports.clock.now()),
    );
    if (page.nextCursor === null || page.rows.length === 0) return;
    const last = timeOf(page.rows.at(-1)?.updatedAt);
    if (last !== null && last > anchor) {
      anchor = last;
      cursor = undefined;
    } else {
      // A server that repeats a cursor would keep us here for ever; the sweep finds what this poll leaves out.
      if (cursors.has(page.nextCursor)) return;
      cursors.add(page.nextCursor);
      cursor = page.nextCursor;
    }
  }
}

/** The greatest time seen, but never later than MaintainX's own clock: a record dated ahead must not hide others. */
function watermarkAfter({ page, read }: ListedPage, before: number): number {
  const seen = page.rows.map((row) => timeOf(row['updatedAt']) ?? 0);
  const greatest = seen.reduce((most, time) => Math.max(most, time), before);
  return Math.max(before, Math.min(greatest, page.serverTime ?? read.at));
}
