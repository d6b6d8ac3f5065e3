import { allOver } from '../base/all-over.ts';
import { backoff } from '../base/backoff.ts';
import { isCoded } from '../base/coded-error.ts';
import { WORK_LANES, type LaneTurn, type LaneWork, type Lease } from '../jobs/index.ts';
import type { EnginePorts, Site } from './engine.ts';
import { transactUnder, type InboundTransaction } from './port.ts';
import type { Refusal } from './statements.ts';
import { restsUntil } from './trouble.ts';

/** A lane's work for one organisation whose key MaintainX takes. Resolves as `LaneWork` does. */
export type SiteWork = (site: Site, lease: Lease, signal: AbortSignal, turn: LaneTurn) => Promise<number | null>;

const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 15 * 60_000;

/**
 * Work that asks MaintainX, and knows when not to. A refused key stops all such work for the organisation with one alarm; one
 * request now and then tries the key, and with its success everything goes on by itself. While the connection rests
 * because MaintainX is down, the lease is given back.
 */
export function withAccess(ports: EnginePorts, work: SiteWork): LaneWork {
  return async (lease, signal, turn) => {
    const site = await ports.siteOf(lease.tenantId, lease.organizationId);
    const standing = site === undefined ? 'ended' : await standingOf(ports, site);
    // A site may be remembered longer than it is at work.
    if (site === undefined || standing === 'ended') return forgetWork(ports, lease);
    const refusal = standing;
    if (refusal !== null) {
      const retryAt = await tryKey(ports, site, refusal);
      if (retryAt !== null) return retryAt;
    }
    try {
      return await work(site, lease, signal, turn);
    } catch (error) {
      if (isCoded(error, 'lease-lost')) ports.noticed('lease-lost');
      if (isCoded(error, 'maintainx-unauthorized')) return refused(ports, site, error.message, null);
      const until = restsUntil(error);
      if (until === null || signal.aborted) throw error;
      ports.noticed('connection-rests');
      return until;
    }
  };
}

/** What was to be done for a connection that was ended is done no more. What it brought stays. */
async function forgetWork(ports: EnginePorts, lease: Lease): Promise<null> {
  const { organizationId } = lease;
  await transactUnder(ports.store, lease, async (tx) => {
    await tx.hydrations.dropAll(organizationId);
    for (const what of ['backfill', 'sweep'] as const) {
      const run = await tx.runs.unfinished(organizationId, what);
      if (run !== undefined) await tx.runs.finish(run.runId, ports.clock.now(), 'the connection was ended');
    }
  });
  return null;
}

/** Another key is in place: it is tried at once, and nothing counts as deleted until it has proven itself. */
export async function keyChanged(tx: InboundTransaction, organizationId: string, now: number): Promise<void> {
  await tx.access.accept(organizationId);
  await tx.access.noteChange(organizationId, '*', now);
  for (const lane of WORK_LANES) tx.leases.wake(lane, now);
}

const standingOf = (ports: EnginePorts, { tenantId, organizationId }: Site): Promise<Refusal | 'ended' | null> =>
  ports.store.transact(tenantId, async ({ access }) => {
    const [isEnded, refusal] = await allOver([access.isEnded(organizationId), access.refusal(organizationId)]);
    return isEnded ? 'ended' : refusal;
  });

/** Asks with the refused key, if it is time and nobody else does; null: it is taken, else when to look again. */
async function tryKey(ports: EnginePorts, site: Site, refusal: Refusal): Promise<number | null> {
  const now = ports.clock.now();
  const until = now + pauseAfter(ports, refusal.attempts);
  const mine = await ports.store.transact(site.tenantId, (tx) => tx.access.claimTry(site.organizationId, now, until));
  if (!mine) return Math.max(refusal.retryAt, now + 1_000);
  try {
    await site.client.inLane('poll', 1).organizations();
  } catch (error) {
    if (isCoded(error, 'maintainx-unauthorized')) return refused(ports, site, error.message, refusal);
    // Nobody answered: that says nothing about the key.
    return restsUntil(error) ?? until;
  }
  await ports.store.transact(site.tenantId, async (tx) => {
    await tx.access.accept(site.organizationId);
    for (const lane of WORK_LANES) tx.leases.wake(lane, ports.clock.now());
  });
  ports.noticed('key-accepted-again');
  ports.log('MaintainX takes the key again', { tenantId: site.tenantId });
  return null;
}

/** Notes the refusal; the first one alarms. Answers when the key is tried again. */
async function refused(ports: EnginePorts, site: Site, reason: string, known: Refusal | null): Promise<number> {
  const now = ports.clock.now();
  const retryAt = now + pauseAfter(ports, known?.attempts ?? 0);
  const nth = await ports.store.transact(site.tenantId, (tx) =>
    tx.access.refuse(site.organizationId, reason, now, retryAt),
  );
  if (nth === 'again') return retryAt;
  ports.noticed('key-refused');
  ports.alarm('MaintainX refuses the key: the connection rests until it is taken again', {
    tenantId: site.tenantId,
    organizationId: site.organizationId,
    reason,
  });
  return retryAt;
}

const pauseAfter = ({ random }: EnginePorts, attempts: number): number =>
  FIRST_RETRY_MS + backoff(attempts, random, FIRST_RETRY_MS, LONGEST_RETRY_MS);
