import type { JsonObject } from '../../src/base/json.ts';
import {
  DEFAULT_SETTINGS,
  missedHooks,
  subscribedName,
  WANTED_EVENTS,
  type HookCount,
  type InboundStore,
  type SubscribedName,
} from '../../src/inbound/index.ts';
import type { StoredEvent } from '../../src/log/index.ts';
import type { HookEvent } from '../../src/maintainx/index.ts';
import type { QuotaShelf } from '../../src/quota/index.ts';
import { contradictionsIn, copyOf, differencesBetween } from './oracle.ts';
import { play } from './play.ts';
import { CALM_FROM, scenarioOf, shortened } from './scenario.ts';
import { stageOf, type Stage } from './stage.ts';
import { sweep } from './sweep.ts';
import { Trace } from './trace.ts';
import { VirtualClock } from './virtual-clock.ts';

/** The store under the simulation, and how a tenant comes into it. */
export interface Backing {
  readonly store: InboundStore;
  readonly shelf: QuotaShelf;
  /** In how much of its time a scenario is played: the same happens, closer together. Real stores take real time. */
  readonly pace: number;
  /** Makes the seed's tenant with this one organisation. */
  admit(tenantId: string, organizationId: string, now: number): Promise<void>;
}

export interface SeedResult {
  readonly seed: number;
  /** What was violated; none: the seed holds. */
  readonly violations: readonly string[];
  /** On the memory store the same for the same seed. */
  readonly trace: string;
  readonly virtualMs: number;
  readonly requests: number;
  readonly events: number;
  readonly records: number;
  /** Records that came to be, and of how many a webhook told: what was played, and what the gateway says. Null: more went wrong than that. */
  readonly creations: { readonly played: Told; readonly reported: Told } | null;
  readonly situations: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
}

export interface Told {
  readonly happened: number;
  readonly told: number;
}

/** The tenant of a seed: an id that PostgreSQL takes too. */
const tenantOf = (seed: number): string => `00000000-0000-7000-8000-${String(seed).padStart(12, '0')}`;

/** Plays one seed from its first request to its verdict. */
export async function simulate(seed: number, backing: Backing, show?: (line: string) => void): Promise<SeedResult> {
  const scenario = shortened(scenarioOf(seed), backing.pace);
  const clock = new VirtualClock(scenario.startsAt);
  const trace = new Trace(clock.now, show);
  const tenantId = tenantOf(seed);
  const store = outside(backing.store, clock);
  const { shelf: windows } = backing;
  const shelf: QuotaShelf = {
    exchange: (...given) => clock.outside(() => windows.exchange(...given)),
    under: (owner) => clock.outside(() => windows.under(owner)),
    look: (principal) => clock.outside(() => windows.look(principal)),
  };
  const stage = stageOf({ scenario, store, shelf, tenantId, clock, trace });
  await backing.admit(tenantId, String(stage.sandbox.organizationId), clock.now());
  await backing.store.transact(tenantId, (tx) => tx.settings.write({ ...DEFAULT_SETTINGS, kinds: scenario.copied }));
  const violations = await clock
    .passUntil(courseOf(stage))
    .catch((error: unknown) => [`it did not end: ${whole(error)}`]);
  stage.installation.end();
  const { records, events } = await copyOf(backing.store, tenantId);
  for (const event of events) trace.step(`event ${event.seq} ${event.type} ${event.stream} ${event.data}`);
  return {
    seed,
    violations,
    trace: trace.end(),
    virtualMs: clock.now() - scenario.startsAt,
    requests: stage.requests.count,
    events: events.length,
    records: records.length,
    creations: creationsOf(stage, events),
    situations: stage.situations.counts(),
    faults: stage.faults.counts(),
  };
}

function creationsOf(
  { scenario, sandbox, way, clock }: Stage,
  events: readonly StoredEvent[],
): SeedResult['creations'] {
  if (scenario.seed < CALM_FROM) return null;
  const nameOf = (event: HookEvent): SubscribedName => subscribedName(String(sandbox.organizationId), event);
  const subscribedSince = new Map(WANTED_EVENTS.map((event) => [nameOf(event), scenario.startsAt]));
  const missed = missedHooks({ subscribedSince, from: scenario.startsAt, until: clock.now() });
  for (const event of events) missed.add(event);
  const created = missed.counts().filter(({ change }) => change === 'created');
  const sum = (of: (one: HookCount) => number): number => created.reduce((total, one) => total + of(one), 0);
  return {
    played: way.creations(),
    reported: { happened: sum(({ happened }) => happened), told: sum(({ told }) => told) },
  };
}

const whole = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Time stands still while the store is at work. */
function outside(store: InboundStore, clock: VirtualClock): InboundStore {
  const { leases } = store;
  return {
    nextTicket: () => clock.outside(() => store.nextTicket()),
    accept: (deliveries) => clock.outside(() => store.accept(deliveries)),
    transact: (tenantId, work) => clock.outside(() => store.transact(tenantId, work)),
    leases: {
      claim: (...given) => clock.outside(() => leases.claim(...given)),
      renew: (...given) => clock.outside(() => leases.renew(...given)),
      release: (...given) => clock.outside(() => leases.release(...given)),
    },
  };
}

const MINUTE = 60_000;
/** In which polling has its turn once more. */
const AFTERMATH_MS = 10 * MINUTE;
/** A copy that is not quiet after this time never will be. */
const MOST_MS = 12 * 60 * MINUTE;

/** Chaos, peace, a sweep and the verdict; then a second sweep, which may find nothing. */
async function courseOf(stage: Stage): Promise<readonly string[]> {
  const { clock, sandbox, store, tenantId, requests, step } = stage;
  await play(stage);
  step('peace');
  await clock.sleep(AFTERMATH_MS);
  const restless = await sweep(stage, MOST_MS);
  const copy = await copyOf(store, tenantId);
  const before = { requests: requests.count, at: clock.now() };
  const restlessAgain = restless ?? (await sweep(stage, MOST_MS));
  const events = (await copyOf(store, tenantId)).events.length - copy.events.length;
  const [took, most] = [requests.count - before.requests, mostRequests(stage, clock.now() - before.at)];
  return [
    ...differencesBetween(sandbox, stage.scenario.copied, copy).map((one) => `the copy differs: ${one}`),
    ...contradictionsIn(copy),
    ...stage.way.contradictionsIn(copy.events),
    ...stage.watch.violations,
    ...(requests.beyondLimit === 0 ? [] : [`${requests.beyondLimit} requests were beyond the limit`]),
    ...(restlessAgain === undefined ? [] : [restlessAgain]),
    ...(events === 0 ? [] : [`the second sweep made ${events} events`]),
    ...(took <= most ? [] : [`the second sweep took ${took} requests, at most ${most} expected`]),
  ];
}

const rowsOf = ({ rows }: JsonObject): number => (Array.isArray(rows) ? rows.length : 1);

/** Every page and every record, a few of them twice, and the polls and sweeps that come round meanwhile. */
function mostRequests({ sandbox, scenario }: Stage, ms: number): number {
  const { pollIntervalMs, sweepIntervalMs } = scenario.times;
  const all = scenario.copied.map((kind) => sandbox.records(kind).map(rowsOf));
  const records = all.reduce((sum, { length }) => sum + length, 0);
  const rows = all.flat().reduce((sum, count) => sum + count, 0);
  // The list of custom fields comes in seven parts.
  const pages = 7 + scenario.copied.length + Math.ceil(rows / scenario.pageSize);
  const polls = 8 * Math.ceil(ms / pollIntervalMs);
  return 2 * (records + pages) + polls + pages * Math.ceil(ms / sweepIntervalMs) + 50;
}
