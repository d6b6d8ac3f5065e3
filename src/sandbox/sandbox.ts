import type { Server } from 'node:http';
import type { JsonObject } from '../base/json.ts';
import { sha256 } from '../base/hash.ts';
import type { Kind } from '../maintainx/catalogue/index.ts';
import { Chronicle } from './life/chronicle.ts';
import { CONTROL_PATH, fullRecords } from './http/control.ts';
import { Deliveries } from './hooks/deliver.ts';
import { Gate } from './http/gate.ts';
import { Life } from './life/life.ts';
import { settingsFrom, type SandboxOptions, type Settings } from './options.ts';
import { isoNow, type Plant } from './plant/plant.ts';
import { RateLimit } from './http/rate-limit.ts';
import { serverOf } from './http/server.ts';
import { linkSigner, secretFrom } from './hooks/signature.ts';
import { statsOf, type SandboxStats } from './stats.ts';
import { Store } from './plant/store.ts';
import { hookBody, Subscriptions } from './hooks/subscriptions.ts';
import { seedPlant } from './seed/seed.ts';
import { changesOf } from './life/deeds.ts';
import type { World } from './world.ts';

export interface Sandbox {
  /** Base URL of the API, e.g. http://127.0.0.1:4010/v1. */
  readonly url: string;
  /** Base URL of the control API, see control.ts. */
  readonly controlUrl: string;
  /** Key of the integration user. `<key>-<user id>` is a key of any other user. */
  readonly apiKey: string;
  readonly organizationId: number;
  stats(): SandboxStats;
  /** Every living record as its single GET shows it, with the expands that the catalogue sends. */
  records(kind: Kind): readonly JsonObject[];
  /** What the life did last, newest last. */
  recentChanges(): readonly string[];
  setRate(changesPerSecond: number): void;
  close(): Promise<void>;
}

/** Starts a local MaintainX with a plant in it. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = settingsFrom(options);
  const world = worldOf(settings);
  const server = serverOf(world);
  const origin = await listen(server, settings);
  world.life.setRate(settings.rate);
  return {
    url: `${origin}/v1`,
    controlUrl: `${origin}${CONTROL_PATH}`,
    apiKey: world.apiKey,
    organizationId: world.plant.organizationId,
    stats: () => statsOf(world),
    records: (kind) => fullRecords(world, kind),
    recentChanges: () => world.chronicle.recent(),
    setRate: (changesPerSecond) => world.life.setRate(changesPerSecond),
    close: () => close(world, server),
  };
}

/** A world at rest, without a server. */
export function worldOf(settings: Settings): World {
  const { clock, seed } = settings;
  const subscriptions = new Subscriptions();
  const deliveries = new Deliveries(clock);
  const plant: Plant = {
    organizationId: 99_410 + seed,
    clock,
    store: new Store(),
    comments: new Map(),
    signLink: linkSigner(() => clock.now()),
    announce: (announcement) => {
      for (const subscription of subscriptions.for(announcement))
        deliveries.send(subscription, hookBody(subscription, announcement, plant.organizationId, isoNow(plant)));
    },
  };
  const integrationUserId = seedPlant(plant, seed);
  const chronicle = new Chronicle();
  return {
    plant,
    apiKey: `sandbox-key-${sha256('api-key', String(seed)).toString('hex').slice(0, 24)}`,
    integrationUserId,
    subscriptions,
    deliveries,
    gate: new Gate(
      new RateLimit(clock, settings.requestsPerMinute, settings.windowMs),
      new RateLimit(clock, settings.organisationRequestsPerMinute, settings.windowMs),
    ),
    chronicle,
    life: new Life(clock, changesOf(plant, chronicle, seed)),
    secretOf: (subscriptionId) => secretFrom(seed, subscriptionId),
    requests: { count: 0 },
  };
}

function listen(server: Server, { host, port }: Settings): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      const actual = typeof address === 'object' && address !== null ? address.port : port;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actual}`);
    });
  });
}

async function close({ life, deliveries }: World, server: Server): Promise<void> {
  await life.stop();
  deliveries.close();
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
