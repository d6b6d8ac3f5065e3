import { kindEntry, type Kind } from '../maintainx/index.ts';
import { isUntimedStub } from './list-page.ts';
import { transactUnder } from './port.ts';
import { kindsIn, type PullSettings } from './settings.ts';
import type { Turn } from './advance.ts';

/** How much faster than needed a pass goes, so that one that fell behind catches up. */
const HASTE = 2;
/** Records that were all read at once come due at once, and the last is read at so many intervals. */
export const REREAD_PASS = 1 + 1 / HASTE;

/**
 * The rolling re-read: what neither list nor webhook tells is found by reading each record again now and then, a few at
 * every poll instead of all at once.
 */
export async function reread(turn: Turn): Promise<void> {
  for (const kind of kindsIn(turn.settings)) {
    const interval = rereadIntervalOf(turn.settings, kind, turn.times.rereadIntervalMs);
    if (interval !== null) await wishForOld(turn, kind, interval);
  }
  if (turn.settings.files === 'all') await wishForFiles(turn);
}

/** Records read for their files at one poll, at most. */
const MOST_FOR_FILES = 100;

/** Only a single read tells links that work. */
async function wishForFiles({ ports, lease }: Turn): Promise<void> {
  const now = ports.clock.now();
  await transactUnder(ports.store, lease, async (tx) => {
    const owners = await tx.files.due(now, MOST_FOR_FILES);
    if (owners.length === 0) return;
    const wishes = owners.map((key) => ({ key, reason: 'reread', explainedBy: [] }) as const);
    await tx.hydrations.want(wishes, await tx.nextTicket(), now);
    tx.leases.wake('hydrate', now);
  });
}

/** Between two single reads of a record; null: the kind needs none, since its list tells changes or all fields. */
export function rereadIntervalOf(settings: PullSettings, kind: Kind, byDefault: number): number | null {
  const chosen = settings.rereadMs[kind];
  if (chosen !== undefined) return chosen;
  return settings.details === 'all' && isUntimedStub(kind) && !isToldByParent(kind) ? byDefault : null;
}

/** What hangs on another kind and is read when that moves, or is read again with it. */
function isToldByParent(kind: Kind): boolean {
  const { nesting } = kindEntry(kind);
  return nesting !== undefined && (nesting.withParent || nesting.moves.length > 0);
}

async function wishForOld({ ports, times, site, lease }: Turn, kind: Kind, interval: number): Promise<void> {
  const { organizationId } = site;
  const now = ports.clock.now();
  await transactUnder(ports.store, lease, async (tx) => {
    const living = await tx.records.livingCount(organizationId, kind);
    const share = Math.ceil((HASTE * living * times.pollIntervalMs) / interval);
    const old = await tx.records.longUnread(organizationId, kind, now - interval, share);
    if (old.length === 0) return;
    const wishes = old.map(
      (recordId) => ({ key: { organizationId, kind, recordId }, reason: 'reread', explainedBy: [] }) as const,
    );
    await tx.hydrations.want(wishes, await tx.nextTicket(), now);
    tx.leases.wake('hydrate', now);
  });
}
