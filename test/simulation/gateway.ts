import { memoryBlobs } from '../../src/blobs/index.ts';
import type { Random } from '../../src/base/random.ts';
import {
  createIntake,
  deliverWork,
  hydrateWork,
  pullWork,
  type EnginePorts,
  type HookTargets,
  type InboundStore,
  type IncomingHook,
  type Site,
  type Situation,
} from '../../src/inbound/index.ts';
import { createHints, createShares, runLane, type Hints, type LaneWork, type WorkLane } from '../../src/jobs/index.ts';
import { createClient, type Gate, type Http, type QuotaRule } from '../../src/maintainx/index.ts';
import { createBreaker, createQuota, type QuotaShelf } from '../../src/quota/index.ts';
import { diceFor, randomFor } from './chance.ts';
import { EngineProcess } from './engine-process.ts';
import type { LeaseWatch } from './lease-watch.ts';
import { processStore, type ProcessStoreOptions } from './process-store.ts';
import type { Scenario } from './scenario.ts';
import { StoreTrouble } from './store-trouble.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a gateway is made of, besides its scenario. */
export interface GatewayOptions {
  readonly scenario: Scenario;
  readonly store: InboundStore;
  readonly tenantId: string;
  readonly organizationId: string;
  readonly clock: VirtualClock;
  readonly http: Http;
  /** Where the windows of the keys lie, however many processes use them. */
  readonly shelf: QuotaShelf;
  readonly hookTargets: HookTargets;
  /** The key that the tenant's connection has now. */
  readonly apiKey: () => string;
  readonly watch: LeaseWatch;
  readonly noticed: (situation: Situation) => void;
  readonly struck: (what: string) => void;
  readonly trace: (what: string) => void;
}

/** One process of the gateway, as it is started by `millwright start`, over ports that a simulation holds. */
export interface Gateway {
  readonly process: EngineProcess;
  readonly trouble: StoreTrouble;
  /** Takes a webhook in. */
  receive(hook: IncomingHook): Promise<void>;
  /** SIGTERM: resolves when its work has ended. */
  stop(): Promise<void>;
}

/** What becomes of a process in the middle of a call of the store. */
export type Fate = Pick<ProcessStoreOptions, 'onCrash' | 'onPause'>;

/** The lanes of a gateway that no guardian watches over, and how many tenants each serves at once. */
const WIDTH: Readonly<Partial<Record<WorkLane, number>>> = { deliver: 1, hydrate: 2, pull: 2 };

export function startGateway(options: GatewayOptions, name: string, fate: Fate): Gateway {
  const { scenario, clock } = options;
  const process = new EngineProcess(name);
  const trouble = new StoreTrouble(
    diceFor(scenario.seed, `store of ${name}`),
    clock,
    scenario.storeTrouble,
    options.struck,
  );
  const { leaseMs } = scenario;
  const store = processStore({ ...options, ...fate, process, trouble, leaseMs });
  const stopping = new AbortController();
  const random = randomFor(scenario.seed, name);
  const ports: EnginePorts = {
    blobs: memoryBlobs(),
    store,
    clock: process.clock(clock),
    random,
    siteOf: siteOf(options, process, random, stopping.signal),
    log: (message, details) => options.trace(`${name} says: ${message} ${JSON.stringify(details ?? {})}`),
    alarm: (message, details) => options.trace(`${name} alarms: ${message} ${JSON.stringify(details ?? {})}`),
    noticed: (situation) => {
      options.trace(`${name} notices ${situation}`);
      options.noticed(situation);
    },
  };
  const hints = createHints();
  const dice = diceFor(scenario.seed, `hints of ${name}`);
  const give = (lane: WorkLane): void => {
    if (!dice.chance(scenario.lostHints)) hints.give(lane);
  };
  const intake = createIntake({
    ports,
    targets: options.hookTargets,
    requireUriSignature: false,
    waitingBytes: 64 * 1024 * 1024,
    onStored: () => give('deliver'),
  });
  const lanes = startLanes(options, ports, name, { next: hints.next, give }, stopping.signal);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await lanes;
  };
  return { process, trouble, stop, receive: (hook) => process.ask(() => intake.accept(hook)) };
}

async function startLanes(
  options: GatewayOptions,
  ports: EnginePorts,
  name: string,
  { next, give }: Hints,
  signal: AbortSignal,
): Promise<void> {
  const { scenario, tenantId, trace } = options;
  const work: Readonly<Partial<Record<WorkLane, LaneWork>>> = {
    deliver: deliverWork(ports, () => give('hydrate')),
    hydrate: hydrateWork(ports, scenario.times),
    pull: pullWork(ports, scenario.times),
  };
  const { leaseMs, idleMs } = scenario;
  const { store, clock, random } = ports;
  const loops = (['deliver', 'hydrate', 'pull'] as const).flatMap((lane) =>
    Array.from({ length: WIDTH[lane] ?? 0 }, (_, nth) =>
      runLane(
        {
          leases: store.leases,
          lane,
          holder: `${name}/${nth}`,
          tenantId,
          mostOfOne: 1,
          work: work[lane] ?? (() => Promise.resolve(null)),
          clock,
          random,
          leaseMs,
          idleMs,
          shares: createShares(clock.now, 50),
          hint: next,
          foundWork: give,
          onError: (failed, _tenant, error) => trace(`${name} puts off ${failed}: ${String(error)}`),
        },
        signal,
      ),
    ),
  );
  await Promise.all(loops);
}

/** Connections are read again after this time, as the server does. */
const SITE_KNOWN_MS = 60_000;

function siteOf(
  options: GatewayOptions,
  process: EngineProcess,
  random: Random,
  signal: AbortSignal,
): EnginePorts['siteOf'] {
  const { scenario, tenantId, organizationId } = options;
  const clock = process.clock(options.clock);
  const { quota, breaker } = gatesOf(options, process, random, signal);
  const http: Http = (request) => process.ask(() => options.http(request));
  let known: { readonly site: Site; readonly until: number } | undefined;
  const knownSite = (): Site => {
    if (known === undefined || known.until <= clock.now()) {
      const apiKey = options.apiKey();
      const client = createClient({
        baseUrl: 'http://sandbox/v1',
        apiKey,
        http,
        gate: breaker(apiKey, quota(apiKey)),
        clock,
        random,
        signal,
        timeoutMs: 20_000,
      });
      const { requestsPerMinute } = scenario;
      known = {
        site: { tenantId, connectionId: tenantId, organizationId, client, requestsPerMinute },
        until: clock.now() + SITE_KNOWN_MS,
      };
    }
    return known.site;
  };
  return () => Promise.resolve(knownSite());
}

interface Gates {
  /** Places in the windows of the key's user and of the organisation, as the server asks for them. */
  readonly quota: (apiKey: string) => Gate;
  /** One breaker a key. */
  readonly breaker: (apiKey: string, gate: Gate) => Gate;
}

function gatesOf(options: GatewayOptions, process: EngineProcess, random: Random, signal: AbortSignal): Gates {
  const { scenario, organizationId, shelf } = options;
  const clock = process.clock(options.clock);
  const rule = (limit: number): QuotaRule => ({ limit, windowMs: 60_000, share: 1 });
  const quota = createQuota({
    perUser: rule(scenario.requestsPerMinute),
    perOrganization: rule(500),
    holder: process.name,
    shelf: {
      exchange: (...given) => process.ask(() => shelf.exchange(...given)),
      under: (owner) => process.ask(() => shelf.under(owner)),
      look: (principal) => process.ask(() => shelf.look(principal)),
    },
    clock,
    signal,
  });
  const breakers = new Map<string, Gate>();
  return {
    quota: (apiKey) => quota.gateOf({ user: `key ${apiKey}`, organization: `organisation ${organizationId}` }),
    breaker: (apiKey, gate) => {
      const made = breakers.get(apiKey) ?? createBreaker(gate, { clock, random, signal }).gate;
      breakers.set(apiKey, made);
      return made;
    },
  };
}
