import { CORE_KINDS } from '../maintainx/catalogue/index.ts';
import { ListLag } from './faults/list-lag.ts';
import { groundOf, type Ground } from './ground.ts';
import { Deliveries } from './hooks/deliver.ts';
import { Dispatch } from './hooks/dispatch.ts';
import { secretFrom } from './hooks/signature.ts';
import { Subscriptions } from './hooks/subscriptions.ts';
import type { Tally } from './hooks/tallies.ts';
import { SignedLinks } from './http/signed-links.ts';
import { Chronicle } from './life/chronicle.ts';
import { changesOf } from './life/deeds.ts';
import { Life } from './life/life.ts';
import type { Settings } from './options.ts';
import { organizationAt, type OrganizationSeed } from './organization.ts';
import { FileVault } from './plant/file-vault.ts';
import { MeterPace } from './plant/meter-pace.ts';
import { MultiLocationParts } from './plant/multi-location.ts';
import type { Plant } from './plant/plant.ts';
import { Store } from './plant/store.ts';
import { seedPlant } from './seed/seed.ts';
import type { World } from './world.ts';

/** The first organisation of a sandbox with these settings, at rest and without a server. */
export function worldOf(settings: Settings): World {
  return newWorld(groundOf(settings, new AbortController().signal), organizationAt(settings.seed, 0));
}

/** An organisation at rest, with its plant. */
export function newWorld(ground: Ground, organization: OrganizationSeed): World {
  const { clock, trueClock, faults, manner, settings, stopping } = ground;
  const { id: organizationId, name, apiKey, seed, firstId } = organization;
  const subscriptions = new Subscriptions();
  const deliveries = new Deliveries({ clock, trueClock }, ground.hookPost(), (subscriptionId, tally) =>
    archiveFailing(ground, subscriptions, plant, subscriptionId, tally),
  );
  const links = new SignedLinks(clock, secretFrom('links', seed));
  const dispatch = new Dispatch({
    organizationId,
    clock,
    trueClock,
    subscriptions,
    deliveries,
    faults,
    manner,
    stopping,
  });
  const lag = new ListLag(clock, (kind) => faults.listLag(organizationId, kind));
  const plant: Plant = {
    organizationId,
    clock,
    store: new Store(firstId),
    comments: new Map(),
    files: new FileVault(),
    multiLocationParts: new MultiLocationParts(),
    meterPace: new MeterPace(clock, settings.meterLimits),
    signLink: links.sign,
    announce: (announcement) => dispatch.tell(announcement),
    listed: lag.lister,
    edited: (row) => lag.edited(row),
  };
  const then = { now: () => ground.startedAt, sleep: clock.sleep };
  const integrationUserId = seedPlant({ ...plant, clock: then }, seed, settings.plant);
  keepVersions(ground, plant, lag);
  const chronicle = new Chronicle();
  return {
    organization: { id: organizationId, name, apiKey },
    plant,
    integrationUserId,
    subscriptions,
    deliveries,
    manner,
    links,
    chronicle,
    life: new Life(trueClock, changesOf(plant, chronicle, seed)),
    secretOf: (subscriptionId) => secretFrom(seed, subscriptionId),
    requests: { count: 0 },
  };
}

/** FACTS 1.2: endpoints that fail over long periods are deleted. Who subscribed to that learns it. */
function archiveFailing(
  { trueClock, settings }: Ground,
  subscriptions: Subscriptions,
  plant: Plant,
  subscriptionId: number,
  { failingSince }: Tally,
): void {
  const subscription = subscriptions.get(subscriptionId);
  if (subscription === undefined || failingSince === null) return;
  if (trueClock.now() - failingSince < settings.deleteFailingAfterMs) return;
  subscriptions.delete(subscriptionId);
  plant.announce({
    type: 'WEBHOOK_ARCHIVED',
    body: { actorId: subscription.creatorId, webhookId: subscriptionId },
  });
}

/** While lists lag, old versions of records are kept. */
function keepVersions({ faults }: Ground, plant: Plant, lag: ListLag): void {
  const begin = (): void => {
    const lagging = CORE_KINDS.filter((kind) => faults.willLag(plant.organizationId, kind));
    lag.reset(lagging.flatMap((kind) => plant.store.all(kind)));
  };
  begin();
  faults.onSet(begin);
}
