import { backoff } from '../base/backoff.ts';
import { isCoded } from '../base/coded-error.ts';
import type { LaneWork, Lease } from '../jobs/index.ts';
import type { Kind } from '../maintainx/index.ts';
import { keyText, observe, type Observation, type Outcome } from '../records/index.ts';
import { createAbsences, type Absences } from './absence.ts';
import { withAccess } from './access.ts';
import { newId, timedRead, type EnginePorts, type EngineTimes, type Site } from './engine.ts';
import { transactUnder } from './port.ts';
import { nestedWishes } from './nested.ts';
import { createReader, type Reader } from './read-record.ts';
import { nestedIn } from './settings.ts';
import { filesOf, storeFiles } from './store-files.ts';
import type { Except, Hydration, ReadReason } from './statements.ts';
import { passes, restsUntil } from './trouble.ts';
import { BRAKE } from './wishes.ts';

/** Single reads under way at once for one tenant. */
const CONCURRENCY = 6;
/** After this time other tenants get their turn. */
const TIME_SLICE_MS = 10_000;
/** Tries after which a read that MaintainX refuses is left to a person. */
const MOST_REFUSALS = 6;
/** What was left to a person is tried again after this time, when something tells of the record. */
const PARKED_FOR_MS = 24 * 3_600_000;
/** Single reads that have to tell an older state before it is believed. */
const DOUBTS = 3;
/** How long a kind that MaintainX forbids to read is left alone. */
const FORBIDDEN_FOR_MS = 3_600_000;
/** How long a record whose absence cannot be proven is left alone. */
const UNPROVEN_FOR_MS = 600_000;

/** What the reads of one turn share. */
interface Turn {
  readonly ports: EnginePorts;
  readonly site: Site;
  readonly lease: Lease;
  readonly signal: AbortSignal;
  readonly absences: Absences;
  readonly reader: Reader;
  /** By `<tenant>/<kind>`. */
  readonly forbidden: Map<string, Forbidden>;
}

/** A kind that MaintainX forbids to read, and until when it is left alone. */
interface Forbidden {
  readonly tenantId: string;
  readonly kind: Kind;
  readonly until: number;
}

/** Reads the wanted records of a tenant one by one, most urgent first; a slow one holds up no other. */
export function hydrateWork(ports: EnginePorts, times: Pick<EngineTimes, 'tombstoneHoldMs'>): LaneWork {
  const absences = createAbsences(ports, times.tombstoneHoldMs);
  const reader = createReader(ports);
  const forbidden = new Map<string, Forbidden>();
  return withAccess(ports, (site, lease, signal) =>
    readWanted({ ports, site, lease, signal, absences, reader, forbidden }),
  );
}

async function readWanted(turn: Turn): Promise<number | null> {
  const { ports, lease, signal } = turn;
  const sliceEnd = ports.clock.now() + TIME_SLICE_MS;
  const except = await excepted(turn);
  const underWay = new Map<string, Promise<void>>();
  try {
    while (!signal.aborted && ports.clock.now() < sliceEnd) {
      const fresh = await dueReads(turn, except, underWay);
      for (const wanted of fresh) start(underWay, wanted, hydrate(turn, wanted));
      if (underWay.size === 0)
        return await ports.store.transact(lease.tenantId, (tx) => tx.hydrations.nextDueAt(except));
      await Promise.race(underWay.values());
    }
  } finally {
    await Promise.allSettled(underWay.values());
  }
  return ports.clock.now();
}

/** While a backfill rests or has not begun, so do its reads; a kind that is forbidden is left alone for a while. */
async function excepted({ ports, lease, forbidden }: Turn): Promise<Except> {
  const rests = await ports.store.transact(lease.tenantId, async (tx) => {
    const { paused } = await tx.settings.read();
    return paused || (await tx.runs.unfinished('backfill'))?.options.planOnly === true;
  });
  const now = ports.clock.now();
  const kinds = [...forbidden.values()]
    .filter(({ tenantId, until }) => tenantId === lease.tenantId && until > now)
    .map(({ kind }) => kind);
  return { reasons: rests ? ['detail'] : [], kinds };
}

/** As many due wishes as there is room for, without those whose read is under way. */
async function dueReads(
  { ports, lease }: Turn,
  except: Except,
  underWay: ReadonlyMap<string, unknown>,
): Promise<readonly Hydration[]> {
  const now = ports.clock.now();
  // What is fulfilled while we ask may still be in the answer.
  const busy = new Set(underWay.keys());
  const due = await ports.store.transact(lease.tenantId, (tx) => tx.hydrations.due(now, 2 * CONCURRENCY, except));
  return due.filter((wanted) => !busy.has(keyText(wanted.key))).slice(0, CONCURRENCY - underWay.size);
}

function start(underWay: Map<string, Promise<void>>, { key }: Hydration, read: Promise<void>): void {
  const done = read.finally(() => underWay.delete(keyText(key)));
  // Whoever races or settles the map hears of a failure; nobody else has to.
  done.catch(() => undefined);
  underWay.set(keyText(key), done);
}

async function hydrate(turn: Turn, wanted: Hydration): Promise<void> {
  const { ports, site, signal, reader } = turn;
  // One try: a failed read is postponed, which lets the others pass.
  const client = site.client.inLane(LANES[wanted.reason], 1);
  try {
    const { result, time } = await timedRead(ports, () => reader.read(client, site, wanted.key));
    const insists = wanted.doubts >= DOUBTS;
    const base = { key: wanted.key, source: 'get', read: time, insists, explainedBy: wanted.explainedBy } as const;
    const { raw, showsOthers } = result;
    if (raw === null) await commitAbsence(turn, wanted, { ...base, raw }, showsOthers);
    else await commit(turn, wanted, { ...base, raw });
  } catch (error) {
    if (signal.aborted) return;
    const isOurs = isCoded(error, 'lease-lost', 'database-unavailable', 'maintainx-unauthorized');
    if (isOurs || restsUntil(error) !== null) throw error;
    await setAside(turn, wanted, error);
  }
}

/** A living record that is not there any more counts as deleted only when that is proven. */
async function commitAbsence(turn: Turn, wanted: Hydration, read: Observation, showsOthers: boolean): Promise<void> {
  const { ports, site, lease, absences } = turn;
  const isLiving = await ports.store.transact(lease.tenantId, (tx) => tx.records.isLiving(wanted.key));
  const proof = isLiving ? await absences.judge(site, wanted, showsOthers) : ({ believe: true } as const);
  if (proof.believe) {
    if (isLiving) ports.noticed(wanted.released ? 'brake-released' : 'probe-passed');
    return commit(turn, wanted, read);
  }
  ports.noticed(proof.why);
  await transactUnder(ports.store, lease, async (tx) => {
    const now = ports.clock.now();
    // While we were in doubt, a person may have said that it is gone: then it is read again at once.
    if (await tx.hydrations.isReleased(wanted.key)) return;
    switch (proof.why) {
      case 'tombstone-withheld':
        return tx.hydrations.withhold(wanted.key, proof.until);
      case 'probe-impossible':
        return tx.hydrations.park(wanted.key, BRAKE, now);
      case 'probe-failed':
        await tx.hydrations.postpone(wanted.key, now + UNPROVEN_FOR_MS);
        return tx.access.noteChange(wanted.key.organizationId, wanted.key.kind, now);
      case 'parent-in-doubt':
        await tx.hydrations.postpone(wanted.key, now + UNPROVEN_FOR_MS);
        return tx.hydrations.want(
          [{ key: proof.parent, reason: 'suspect', explainedBy: [] }],
          await tx.nextTicket(),
          now,
        );
    }
  });
}

/** One transaction: what the read changes, its event, and the wish fulfilled. */
async function commit({ ports, site, lease }: Turn, wanted: Hydration, read: Observation): Promise<void> {
  const seen = await transactUnder(ports.store, lease, async (tx) => {
    const now = ports.clock.now();
    const { outcomes, events } = await observe(tx.records, [read], { now, newId: () => newId(ports) });
    const [outcome] = outcomes;
    const isUnsettled = outcome?.verdict === 'recheck';
    const later = now + 250 + backoff(wanted.attempts, ports.random);
    if (outcome?.why === 'older-in-later-read') await tx.hydrations.doubt(wanted.key, later);
    else if (isUnsettled) await tx.hydrations.postpone(wanted.key, later);
    const isFulfilled = isUnsettled || (await tx.hydrations.fulfil(wanted.key, read.read.began));
    const settings = await tx.settings.read();
    const nested = nestedIn(settings);
    const wishes = await nestedWishes(tx.records, nested, outcomes, {
      isDue: ({ withParent }) => withParent,
      insists: wanted.reason === 'reread',
    });
    if (wishes.length > 0) await tx.hydrations.want(wishes, await tx.nextTicket(), now);
    if (settings.files === 'all') await tx.files.note(filesOf(outcomes), now);
    await tx.log.append(events);
    return { outcome, isUnsettled, isFulfilled, storesFiles: settings.files === 'all' };
  });
  if (seen.outcome !== undefined) ports.noticed(seen.outcome.why);
  if (seen.isUnsettled) ports.noticed('read-overtaken');
  if (!seen.isFulfilled) ports.noticed('wish-outlived-read');
  if (seen.outcome !== undefined) noticeFind(ports, wanted, seen.outcome);
  if (seen.storesFiles && read.raw !== null) await storeFiles({ ports, site, lease }, wanted.key, read.raw);
}

function noticeFind(ports: EnginePorts, { reason }: Hydration, { verdict }: Outcome): void {
  if (reason === 'suspect') ports.noticed(verdict === 'vanished' ? 'suspect-gone' : 'suspect-alive');
  if (reason === 'reread' && verdict === 'changed') ports.noticed('found-by-reread');
}

/** Trouble that passes is waited out; what MaintainX refuses again and again is parked with its reason. */
async function setAside({ ports, lease, forbidden }: Turn, wanted: Hydration, error: unknown): Promise<void> {
  const reason = isCoded(error) ? `${error.code}: ${error.message}` : String(error);
  const isForbidden = isCoded(error, 'maintainx-forbidden');
  const givenUp = !isForbidden && !(isCoded(error) && passes(error)) && wanted.attempts + 1 >= MOST_REFUSALS;
  const now = ports.clock.now();
  ports.log('a record could not be read', { ...wanted.key, reason, attempt: wanted.attempts + 1, givenUp });
  ports.noticed(isForbidden ? 'kind-refused' : givenUp ? 'read-parked' : 'read-postponed');
  if (isForbidden) {
    const { tenantId } = lease;
    const { kind } = wanted.key;
    forbidden.set(`${tenantId}/${kind}`, { tenantId, kind, until: now + FORBIDDEN_FOR_MS });
  }
  await transactUnder(ports.store, lease, async (tx) => {
    const wait = 1_000 + backoff(wanted.attempts, ports.random, 1_000, 120_000);
    if (isForbidden) await tx.access.noteChange(wanted.key.organizationId, wanted.key.kind, now);
    if (givenUp) await tx.hydrations.park(wanted.key, reason, now + PARKED_FOR_MS);
    else await tx.hydrations.postpone(wanted.key, isForbidden ? now + FORBIDDEN_FOR_MS : now + wait);
  });
}

const LANES: Readonly<Record<ReadReason, 'hydrate' | 'poll' | 'sweep'>> = {
  hook: 'hydrate',
  recheck: 'hydrate',
  change: 'poll',
  detail: 'sweep',
  suspect: 'sweep',
  reread: 'sweep',
};
