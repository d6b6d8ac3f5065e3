import type { StoredEvent } from '../log/index.ts';
import { isKind, type HookEvent, type Kind } from '../maintainx/index.ts';
import type { CoverageInput } from './coverage.ts';
import { isStub } from './list-page.ts';
import type { InboundTransaction } from './port.ts';
import { HOUR_MS, type UpkeepTimes } from './upkeep.ts';

/** How far back the pace of changes is looked up: so many events, or so long. */
const MOST_EVENTS = 2_000;
const LOOKED_BACK_MS = 24 * HOUR_MS;

export interface Surroundings {
  /** Null: all of the tenant's together. */
  readonly organizationId: string | null;
  readonly times: UpkeepTimes;
  readonly hooks: readonly HookEvent[];
  /** What we may send in a minute with a share of the quota (percent; null: the installation's); 0: no limit. */
  readonly requestsPerMinute: (quotaShare: number | null) => number;
  readonly now: number;
}

/** What the map of a tenant is made from. */
export async function readCoverageInput(tx: InboundTransaction, around: Surroundings): Promise<CoverageInput> {
  const { organizationId, times, hooks, requestsPerMinute, now } = around;
  const lastSeq = await tx.log.lastSeq();
  const all = await tx.log.read(Math.max(0, lastSeq - MOST_EVENTS), MOST_EVENTS);
  const events = all.filter(({ stream }) => organizationId === null || stream.split('/')[1] === organizationId);
  // What the first copy told is no change.
  const since = Math.max(now - LOOKED_BACK_MS, (await tx.runs.lastFinished(organizationId, 'backfill')) ?? now);
  const settings = await tx.settings.read();
  return {
    settings,
    times,
    records: new Map((await tx.records.counts(organizationId)).map(({ kind, living }) => [kind, living])),
    hooks,
    requestsPerMinute: requestsPerMinute(settings.quotaShare),
    readsPerHour: readsPerHour(events, since, now, lastSeq > MOST_EVENTS),
  };
}

/**
 * Single reads an hour that these events stand for: one for each webhook about a record, and one for each other change of
 * a record whose list row lacks fields. `isTail`: there are older events than these. Pure.
 */
export function readsPerHour(
  events: readonly Pick<StoredEvent, 'stream' | 'family' | 'explainedBy' | 'recordedAt'>[],
  since: number,
  now: number,
  isTail: boolean,
): ReadonlyMap<Kind, number> {
  const from = isTail ? Math.max(since, events[0]?.recordedAt ?? now) : since;
  const hours = Math.max(now - from, 60_000) / HOUR_MS;
  const reads = new Map<Kind, number>();
  for (const { stream, family, explainedBy, recordedAt } of events) {
    const [kind = ''] = stream.split('/');
    if (recordedAt < from || !isKind(kind)) continue;
    const isRead = family === 'fact' || (explainedBy.length === 0 && isStub(kind));
    if (isRead) reads.set(kind, (reads.get(kind) ?? 0) + 1 / hours);
  }
  return reads;
}
