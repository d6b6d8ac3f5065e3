import type { InboundStore, Situation } from '../../src/inbound/index.ts';
import type { QuotaShelf } from '../../src/quota/index.ts';
import { diceFor, randomFor } from './chance.ts';
import { HookWay } from './hook-way.ts';
import { Installation } from './installation.ts';
import { LeaseWatch } from './lease-watch.ts';
import { Lies } from './lies.ts';
import { plantOf } from './plant.ts';
import { RequestWatch } from './request-watch.ts';
import type { Scenario } from './scenario.ts';
import { Tally } from './tally.ts';
import type { Trace } from './trace.ts';
import { transportOver } from './transport.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Everything that takes part in one seed. */
export type Stage = ReturnType<typeof stageOf>;

export interface StageOptions {
  readonly scenario: Scenario;
  readonly store: InboundStore;
  readonly shelf: QuotaShelf;
  readonly tenantId: string;
  readonly clock: VirtualClock;
  readonly trace: Trace;
}

export function stageOf(options: StageOptions) {
  const { scenario, store, shelf, tenantId, clock, trace } = options;
  const { seed } = scenario;
  const [situations, faults] = [new Tally<Situation>(), new Tally<string>()];
  const step = (what: string): void => trace.step(what);
  const way: HookWay = new HookWay({
    clock,
    dice: diceFor(seed, 'webhooks'),
    transitMs: scenario.hookTransitMs,
    receive: (hook) => installation.receive(hook),
    trace: step,
  });
  const sandbox = plantOf(scenario, clock, way);
  if (scenario.webhooks) way.subscribe(sandbox, tenantId);
  const lies = new Lies(scenario.lies, seed, faults.count);
  const requests = new RequestWatch();
  const keys = { now: sandbox.apiKey, refused: new Set<string>() };
  const { pageSize, transitMs } = scenario;
  const refusesKey = (authorization: string): boolean => keys.refused.has(authorization);
  const dice = diceFor(seed, 'transport');
  const http = transportOver({ sandbox, lies, clock, dice, pageSize, transitMs, refusesKey, requests, trace: step });
  const watch = new LeaseWatch();
  const installation: Installation = new Installation({
    scenario,
    store,
    tenantId,
    clock,
    http,
    watch,
    shelf,
    hookTargets: way.targetOf,
    organizationId: String(sandbox.organizationId),
    apiKey: () => keys.now,
    noticed: situations.count,
    struck: faults.count,
    trace: step,
  });
  /** For the ids of what an operator asks for. */
  const operator = { clock, random: randomFor(seed, 'operator') };
  return { ...options, sandbox, way, lies, keys, requests, watch, installation, situations, faults, step, operator };
}
