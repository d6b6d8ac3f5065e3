import { backoff } from '../base/backoff.ts';
import { isCoded } from '../base/coded-error.ts';
import type { JsonObject } from '../base/json.ts';
import type { LaneWork, Lease } from '../jobs/index.ts';
import { keyText, observe, type Observation, type Outcome } from '../records/index.ts';
import { newId, timedRead, type EnginePorts, type Site } from './engine.ts';
import { transactUnder } from './port.ts';
import type { Hydration, ReadReason } from './statements.ts';
import { passes } from './trouble.ts';

/** Single reads under way at once for one tenant. */
const CONCURRENCY = 6;
/** After this time other tenants get their turn. */
const TIME_SLICE_MS = 10_000;
/** Tries after which a read that MaintainX refuses is left to a person. */
const MOST_REFUSALS = 6;

/** Reads the wanted records of a tenant one by one, most urgent first; a slow one holds up no other. */
export function hydrateWork(ports: EnginePorts): LaneWork {
  return async (lease, signal) => {
    const site = await ports.siteOf(lease.tenantId);
    const sliceEnd = ports.clock.now() + TIME_SLICE_MS;
    const underWay = new Map<string, Promise<void>>();
    try {
      while (!signal.aborted && ports.clock.now() < sliceEnd) {
        const fresh = await dueReads(ports, lease, underWay);
        for (const wanted of fresh) start(underWay, wanted, hydrate(ports, site, lease, wanted, signal));
        if (underWay.size === 0) return await ports.store.transact(lease.tenantId, (tx) => tx.hydrations.nextDueAt());
        await Promise.race(underWay.values());
      }
    } finally {
      await Promise.allSettled(underWay.values());
    }
    return ports.clock.now();
  };
}

/** As many due wishes as there is room for, without those whose read is under way. */
async function dueReads(
  ports: EnginePorts,
  lease: Lease,
  underWay: ReadonlyMap<string, unknown>,
): Promise<readonly Hydration[]> {
  const now = ports.clock.now();
  const due = await ports.store.transact(lease.tenantId, (tx) => tx.hydrations.due(now, 2 * CONCURRENCY));
  return due.filter((wanted) => !underWay.has(keyText(wanted.key))).slice(0, CONCURRENCY - underWay.size);
}

function start(underWay: Map<string, Promise<void>>, { key }: Hydration, read: Promise<void>): void {
  const done = read.finally(() => underWay.delete(keyText(key)));
  // Whoever races or settles the map hears of a failure; nobody else has to.
  done.catch(() => undefined);
  underWay.set(keyText(key), done);
}

async function hydrate(
  ports: EnginePorts,
  site: Site,
  lease: Lease,
  wanted: Hydration,
  signal: AbortSignal,
): Promise<void> {
  // One try: a failed read is postponed, which lets the others pass.
  const client = site.client.inLane(laneOf(wanted.reason), 1);
  try {
    const { result, time } = await timedRead(ports, () => readOne(client, wanted));
    const base = { key: wanted.key, source: 'get', read: time, explainedBy: wanted.explainedBy } as const;
    await commit(ports, lease, wanted, { ...base, raw: result });
  } catch (error) {
    if (signal.aborted) return;
    if (isCoded(error, 'lease-lost', 'database-unavailable')) throw error;
    await setAside(ports, lease, wanted, error);
  }
}

/** The record, or null when MaintainX says in its own words that there is none. */
async function readOne(client: Site['client'], wanted: Hydration): Promise<JsonObject | null> {
  try {
    return await client.get(wanted.key.kind, wanted.key.recordId);
  } catch (error) {
    if (isCoded(error, 'maintainx-not-found')) return null;
    throw error;
  }
}

/** One transaction: what the read changes, its event, and the wish fulfilled. */
async function commit(ports: EnginePorts, lease: Lease, wanted: Hydration, read: Observation): Promise<void> {
  await transactUnder(ports.store, lease, async (tx) => {
    const now = ports.clock.now();
    const { outcomes, events } = await observe(tx.records, [read], { now, newId: () => newId(ports) });
    const outcome = outcomes[0];
    if (outcome !== undefined && isUnsettled(outcome))
      await tx.hydrations.postpone(wanted.key, now + 250 + backoff(wanted.attempts, ports.random));
    else await tx.hydrations.fulfil(wanted.key, read.read.began);
    await tx.log.append(events);
  });
}

/** The read was overtaken by another, or is older than what a list told: MaintainX has to be asked again. */
function isUnsettled({ verdict, held }: Outcome): boolean {
  if (verdict === 'recheck') return true;
  return verdict === 'refused' && (held?.updatedAt ?? 0) > (held?.detailUpdatedAt ?? 0);
}

/** Trouble that passes is waited out; what MaintainX refuses again and again is parked with its reason. */
async function setAside(ports: EnginePorts, lease: Lease, wanted: Hydration, error: unknown): Promise<void> {
  const reason = isCoded(error) ? `${error.code}: ${error.message}` : String(error);
  const waits = isCoded(error) && (passes(error) || error.code === 'maintainx-unauthorized');
  const givenUp = !waits && wanted.attempts + 1 >= MOST_REFUSALS;
  ports.log('a record could not be read', { ...wanted.key, reason, attempt: wanted.attempts + 1, givenUp });
  await transactUnder(ports.store, lease, async (tx) => {
    const wait = 1_000 + backoff(wanted.attempts, ports.random, 1_000, 120_000);
    if (givenUp) await tx.hydrations.park(wanted.key, reason);
    else await tx.hydrations.postpone(wanted.key, ports.clock.now() + wait);
  });
}

const laneOf = (reason: ReadReason): 'hydrate' | 'poll' | 'sweep' => {
  if (reason === 'hook' || reason === 'recheck') return 'hydrate';
  return reason === 'detail' ? 'poll' : 'sweep';
};
