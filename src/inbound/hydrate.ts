import { allOver } from '../base/all-over.ts';
import { backoff } from '../base/backoff.ts';
import { isCoded } from '../base/coded-error.ts';
import type { JsonObject } from '../base/json.ts';
import type { LaneTurn, LaneWork } from '../jobs/index.ts';
import { kindEntry, type Kind } from '../maintainx/index.ts';
import { keyText } from '../records/index.ts';
import { createAbsences, type Absences } from './absence.ts';
import { withAccess } from './access.ts';
import { commitReads } from './commit-reads.ts';
import type { EnginePorts, EngineTimes, Site } from './engine.ts';
import { isProvenGone } from './judge-absence.ts';
import { createReader, type Reader } from './read-record.ts';
import { transactUnder, type InboundTransaction } from './port.ts';
import { readSurge } from './read-surge.ts';
import type { FinishedRead, ReadTurn } from './read-turn.ts';
import type { PullSettings } from './settings.ts';
import type { Except, Hydration, ReadReason } from './statements.ts';
import { storeFiles } from './store-files.ts';
import { createSurges, type Surges } from './surges.ts';
import { passes, restsUntil } from './trouble.ts';

/** Single reads under way at once for one tenant. */
const CONCURRENCY = 12;
/** Of a tenant that has most of all reads made while others are at work. */
const FEW = 3;
/** Rows of a page that such a tenant has read at once: while a page is worked into the copy, nobody else is. */
const SHORT_PAGE = 40;
/** After this time other tenants get their turn; sooner when there are any. */
const TURN_MS = 10_000;
const SHORT_TURN_MS = 100;
/** Tries after which a read that MaintainX refuses is left to a person. */
const MOST_REFUSALS = 6;
/** What was left to a person is tried again after this time, when something tells of the record. */
const PARKED_FOR_MS = 24 * 3_600_000;
/** How long a kind that MaintainX forbids to read is left alone. */
const FORBIDDEN_FOR_MS = 3_600_000;
/** Wishes that are looked at in a surge. */
const MOST_IN_SURGE = 1_000;

/** What the turns of one process share. */
interface Means {
  readonly absences: Absences;
  readonly reader: Reader;
  readonly surges: Surges;
  /** By `<connection>/<kind>`. */
  readonly forbidden: Map<string, Forbidden>;
}

/** A kind that MaintainX forbids to read, and until when it is left alone. */
interface Forbidden {
  readonly connectionId: string;
  readonly kind: Kind;
  readonly until: number;
}

/** One turn, and what is under way in it. */
interface Turn extends ReadTurn {
  readonly means: Means;
  readonly except: Except;
  /** Reads that are not over, by family. */
  readonly underWay: Map<string, Promise<void>>;
  /** Reads that are over and not stored yet. */
  readonly finished: FinishedRead[];
  readonly lane: LaneTurn;
}

/**
 * Reads the wanted records of a tenant, most urgent first: one by one, a slow one holding up no other, and stored together
 * with those that end at the same time; or by pages of a list, when webhooks tell of very many at once.
 */
export function hydrateWork(
  ports: EnginePorts,
  times: Pick<EngineTimes, 'tombstoneHoldMs' | 'surgeRecords'>,
): LaneWork {
  const means: Means = {
    absences: createAbsences(ports, times.tombstoneHoldMs),
    reader: createReader(ports),
    surges: createSurges(times.surgeRecords),
    forbidden: new Map(),
  };
  return withAccess(ports, async (site, lease, signal, lane) => {
    const { settings, rests } = await ports.store.transact(lease.tenantId, (tx) => settingsIn(tx, site));
    const except: Except = { reasons: rests ? ['detail'] : [], kinds: forbiddenKinds(ports, means, site) };
    const turn = { ports, site, lease, signal, settings, means, except, underWay: new Map(), finished: [], lane };
    return readWanted(turn);
  });
}

/** While a backfill rests or has not begun, so do its reads. */
async function settingsIn(
  tx: InboundTransaction,
  { organizationId }: Site,
): Promise<{ settings: PullSettings; rests: boolean }> {
  const [settings, backfill] = await allOver([tx.settings.read(), tx.runs.unfinished(organizationId, 'backfill')]);
  return { settings, rests: settings.paused || backfill?.options.planOnly === true };
}

function forbiddenKinds({ clock }: EnginePorts, { forbidden }: Means, { connectionId }: Site): readonly Kind[] {
  const now = clock.now();
  return [...forbidden.values()]
    .filter((one) => one.connectionId === connectionId && one.until > now)
    .map(({ kind }) => kind);
}

async function readWanted(turn: Turn): Promise<number | null> {
  const { ports, signal, underWay, finished } = turn;
  const began = ports.clock.now();
  const isOver = (): boolean => ports.clock.now() >= began + (turn.lane.hasOthers() ? SHORT_TURN_MS : TURN_MS);
  try {
    await startDue(turn);
    while (!signal.aborted && !isOver()) {
      if (underWay.size === 0) return await nextDueAt(turn);
      if (finished.length === 0) await Promise.race(underWay.values());
      // Others are read while these are stored.
      await allOver([storeFinished(turn), startDue(turn)]);
    }
  } finally {
    await Promise.allSettled(underWay.values());
  }
  await storeFinished(turn);
  return ports.clock.now();
}

const mostOf = ({ lane }: Turn): number => (lane.isGreedy() ? FEW : CONCURRENCY);

/** Begins as many due reads as there is room for, without those that are under way; a surge is read at once. */
async function startDue(turn: Turn): Promise<void> {
  const { site, ports, means, underWay } = turn;
  if (underWay.size >= mostOf(turn)) return;
  // What is fulfilled while we ask may still be in the answer.
  const busy = new Set(underWay.keys());
  while (!turn.signal.aborted) {
    const { due, began } = await dueReads(turn);
    const free = due.filter((wanted) => !busy.has(familyOf(wanted)));
    const caught = means.surges.caught(site.connectionId, free, ports.clock.now());
    const kind = caught[0]?.key.kind;
    if (kind === undefined) return startSome(turn, free, began);
    const walkBegan = ports.clock.now();
    const left = await readSurge(turn, caught, turn.lane.isGreedy() ? SHORT_PAGE : undefined);
    turn.lane.did(caught.length - left.length);
    const ticket = await ports.store.nextTicket();
    const walk = { began: walkBegan, ended: ports.clock.now(), records: caught.length, left, ticket };
    means.surges.walked(site.connectionId, kind, walk);
  }
}

/** What is due, and a ticket drawn after that: reads that begin now come after the wishes. */
async function dueReads(turn: Turn): Promise<{ readonly due: readonly Hydration[]; readonly began: number }> {
  const { ports, site, lease, means } = turn;
  const now = ports.clock.now();
  const few = 2 * CONCURRENCY;
  return ports.store.transact(lease.tenantId, async (tx) => {
    const except = exceptNow(turn);
    const look = (limit: number) =>
      allOver([tx.hydrations.due(site.organizationId, now, limit, except), tx.nextTicket()]);
    const [urgent, first] = await look(few);
    const mayBeSurge = means.surges.mayBeOn(site.connectionId, urgent, few);
    const [due, began] = mayBeSurge ? await look(MOST_IN_SURGE) : [urgent, first];
    return { due, began };
  });
}

/** Kinds that rest between two walks of a surge are left alone too. */
function exceptNow({ ports, site, means, except }: Turn): Except {
  const { kinds } = means.surges.resting(site.connectionId, ports.clock.now());
  return kinds.length === 0 ? except : { ...except, kinds: [...except.kinds, ...kinds] };
}

async function nextDueAt(turn: Turn): Promise<number | null> {
  const { ports, site, lease, means } = turn;
  const { until } = means.surges.resting(site.connectionId, ports.clock.now());
  const dueAt = await ports.store.transact(lease.tenantId, (tx) =>
    tx.hydrations.nextDueAt(site.organizationId, exceptNow(turn)),
  );
  return until === null || dueAt === null ? (until ?? dueAt) : Math.min(until, dueAt);
}

function startSome(turn: Turn, due: readonly Hydration[], began: number): void {
  for (const wanted of due) {
    if (turn.underWay.size >= mostOf(turn)) return;
    if (!turn.underWay.has(familyOf(wanted))) track(turn, wanted, readOne(turn, wanted, began));
  }
}

/** A record and what hangs on it: of these one is read at a time, for each may tell that the others are to be read. */
function familyOf({ key }: Hydration): string {
  const { nesting } = kindEntry(key.kind);
  return keyText(nesting === undefined ? key : { ...key, kind: nesting.parent });
}

function track({ underWay }: Turn, wanted: Hydration, done: Promise<void>): void {
  // Whoever races or settles the map hears of a failure; nobody else has to.
  done.catch(() => undefined);
  underWay.set(familyOf(wanted), done);
}

async function readOne(turn: Turn, wanted: Hydration, began: number): Promise<void> {
  const { ports, site, signal, means, underWay, finished } = turn;
  // One try: a failed read is postponed, which lets the others pass.
  const client = site.client.inLane(LANES[wanted.reason], 1);
  try {
    const { raw, showsOthers } = await means.reader.read(client, site, wanted.key);
    const at = ports.clock.now();
    if (raw !== null || (await isProvenGone(turn, means.absences, wanted, showsOthers)))
      finished.push({ wanted, raw, began, at });
    else underWay.delete(familyOf(wanted));
  } catch (error) {
    underWay.delete(familyOf(wanted));
    if (signal.aborted) return;
    const isOurs = isCoded(error, 'lease-lost', 'database-unavailable', 'maintainx-unauthorized');
    if (isOurs || restsUntil(error) !== null) throw error;
    await setAside(turn, wanted, error);
  }
}

/** Stores together what has ended so far, and then the files of that. */
async function storeFinished(turn: Turn): Promise<void> {
  const { finished, underWay, settings } = turn;
  const reads = finished.splice(0, Infinity);
  turn.lane.did(reads.length);
  const unstored = await commitReads(turn, reads);
  for (const { read, error } of unstored) await setAside(turn, read.wanted, error);
  const failed = new Set(unstored.map(({ read }) => read));
  for (const read of reads) {
    underWay.delete(familyOf(read.wanted));
    if (settings.files === 'all' && read.raw !== null && !failed.has(read)) startFiles(turn, read.wanted, read.raw);
  }
}

function startFiles(turn: Turn, wanted: Hydration, raw: JsonObject): void {
  const stored = storeFiles(turn, wanted.key, raw);
  track(
    turn,
    wanted,
    stored.finally(() => turn.underWay.delete(familyOf(wanted))),
  );
}

/** Trouble that passes is waited out; what MaintainX refuses again and again is parked with its reason. */
async function setAside({ ports, site, lease, means }: Turn, wanted: Hydration, error: unknown): Promise<void> {
  const { connectionId } = site;
  const { key, attempts } = wanted;
  const reason = isCoded(error) ? `${error.code}: ${error.message}` : String(error);
  const isForbidden = isCoded(error, 'maintainx-forbidden');
  const givenUp = !isForbidden && !(isCoded(error) && passes(error)) && attempts + 1 >= MOST_REFUSALS;
  const now = ports.clock.now();
  ports.log('a record could not be read', { ...key, reason, attempt: attempts + 1, givenUp });
  ports.noticed(isForbidden ? 'kind-refused' : givenUp ? 'read-parked' : 'read-postponed');
  if (isForbidden)
    means.forbidden.set(`${connectionId}/${key.kind}`, { connectionId, kind: key.kind, until: now + FORBIDDEN_FOR_MS });
  await transactUnder(ports.store, lease, async (tx) => {
    const wait = 1_000 + backoff(attempts, ports.random, 1_000, 120_000);
    if (isForbidden) await tx.access.noteChange(key.organizationId, key.kind, now);
    if (givenUp) await tx.hydrations.park(key, reason, now + PARKED_FOR_MS);
    else await tx.hydrations.postpone(key, isForbidden ? now + FORBIDDEN_FOR_MS : now + wait);
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
