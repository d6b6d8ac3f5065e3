import { walkAssets } from './walk-assets.ts';
import { learn, walkLists } from './walk-lists.ts';
import { walkPeople, walkPlans, walkReports, walkSettings } from './walk-people.ts';
import { walkPlaces } from './walk-places.ts';
import { walkProbes } from './walk-probes.ts';
import { walkRemovals } from './walk-removals.ts';
import { walkMeters, walkParts, walkPurchaseOrders } from './walk-stock.ts';
import { subscribeToAll, walkSubscriptions } from './walk-subscriptions.ts';
import { walkPermits, walkProcedures, walkWorkOrders, walkWorkRequests, type PermitLink } from './walk-work.ts';
import type { Walker } from './walker.ts';

export interface WalkOptions {
  /** Where webhooks are received. */
  readonly receiverUrl: string;
  /** One that waits for its signature. */
  readonly permit: PermitLink | undefined;
  /** Whether to ask badly too. */
  readonly withProbes: boolean;
}

/** All operations of the API, in an order in which each finds what it needs. */
export async function walkEverything(walker: Walker, { receiverUrl, permit, withProbes }: WalkOptions): Promise<void> {
  const steps: (() => Promise<void>)[] = [
    () => learn(walker),
    () => subscribeToAll(walker, receiverUrl),
    () => walkSettings(walker),
    () => walkPlaces(walker),
    () => walkPeople(walker),
    () => walkAssets(walker),
    () => walkParts(walker),
    () => walkPurchaseOrders(walker),
    () => walkProcedures(walker),
    () => walkMeters(walker),
    () => walkWorkOrders(walker),
    () => walkWorkRequests(walker),
    () => walkPlans(walker),
    () => walkReports(walker),
    () => walkPermits(walker, permit),
    () => walkLists(walker),
    () => (withProbes ? walkProbes(walker) : Promise.resolve()),
    () => walkSubscriptions(walker, receiverUrl),
    () => walkRemovals(walker),
  ];
  for (const step of steps) await step();
}
