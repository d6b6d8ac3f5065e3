import type { Server } from 'node:http';
import type { JsonObject } from '../base/json.ts';
import type { Kind } from '../maintainx/catalogue/index.ts';
import { checkedPlan } from './faults/check-plan.ts';
import type { FaultEntry } from './faults/fault-log.ts';
import type { FaultPlan } from './faults/plan.ts';
import { approve, subscriptionsOf, type SubscriptionState } from './http/control-hooks.ts';
import { CONTROL_PATH, setRate } from './http/control.ts';
import { wholeKind } from './operations/whole-kind.ts';
import type { RequestEntry } from './http/request-log.ts';
import { serverOf } from './http/server.ts';
import { tellOverdue } from './life/overdue.ts';
import { settingsFrom, type SandboxOptions, type Settings } from './options.ts';
import type { Organization } from './organization.ts';
import { realmOf, type Realm } from './realm.ts';
import { statsOf, type SandboxStats } from './stats.ts';
import type { World } from './world.ts';

export { worldOf } from './new-world.ts';

/** A running sandbox. Where an organisation can be given and none is, it is the first one. */
export interface Sandbox extends AsyncDisposable {
  /** Base URL of the API, e.g. http://127.0.0.1:4010/v1. */
  readonly url: string;
  /** Base URL of the control API, see docs/sandbox.md. */
  readonly controlUrl: string;
  /** Key of the first organisation's integration user. `<key>-<user id>` is a key of any other user of it. */
  readonly apiKey: string;
  /** Id of the first organisation. */
  readonly organizationId: number;
  readonly organizations: readonly Organization[];
  /** Opens all organisations; most requests then need `x-organization-id`. */
  readonly multiOrganizationKey: string;
  /** Of one organisation; without it, of all together. */
  stats(organizationId?: number): SandboxStats;
  /** Every living record as its single GET shows it, with the expands that the catalogue sends. */
  records(kind: Kind, organizationId?: number): readonly JsonObject[];
  /** What the life did last, newest last. */
  recentChanges(organizationId?: number): readonly string[];
  /** Changes a second in each organisation; 0: nobody is at work. */
  setRate(changesPerSecond: number): void;
  /** All webhook subscriptions, with how their deliveries went; MaintainX has no such list. */
  subscriptions(): readonly SubscriptionState[];
  /** Makes a subscription that waits for approval VALID. */
  approve(subscriptionId: number): void;
  /** What goes wrong from now on, in place of what did. */
  setFaults(faults: FaultPlan): void;
  clearFaults(): void;
  /** Every fault that struck, oldest first; with `after`, those since that `seq`. */
  faultLog(after?: number): readonly FaultEntry[];
  /** The last requests to the API as they were answered, oldest first; with `after`, those since that `seq`. */
  requests(after?: number): readonly RequestEntry[];
  close(): Promise<void>;
}

/** Starts a local MaintainX with a plant in it. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = settingsFrom(options);
  const realm = realmOf(settings);
  realm.ground.faults.set(checkedPlan(settings.faults));
  const server = serverOf(realm);
  try {
    // One plant is there before anybody can ask; the others when somebody asks for them.
    const { links } = realm.organizations.world(realm.organizations.first);
    realm.place.origin = await listen(server, settings);
    links.origin = realm.place.origin;
    setRate(realm, settings.rate);
    return sandboxOf(realm, server);
  } catch (error) {
    await close(realm, server);
    throw error;
  }
}

/** Work orders become overdue by the time alone, also while nobody is at work. */
const OVERDUE_EVERY_MS = 1000;

function watchDueDates({ organizations }: Realm): NodeJS.Timeout {
  const look = (): void => {
    for (const { plant } of organizations.awake()) tellOverdue(plant);
  };
  return setInterval(look, OVERDUE_EVERY_MS).unref();
}

function sandboxOf(realm: Realm, server: Server): Sandbox {
  const { organizations, place } = realm;
  const { faults } = realm.ground;
  const first = organizations.first;
  const watch = watchDueDates(realm);
  const stop = (): Promise<void> => {
    clearInterval(watch);
    return close(realm, server);
  };
  return {
    url: `${place.origin}/v1`,
    controlUrl: `${place.origin}${CONTROL_PATH}`,
    apiKey: first.apiKey,
    organizationId: first.id,
    organizations: organizations.all.map(({ id, name, apiKey }) => ({ id, name, apiKey })),
    multiOrganizationKey: organizations.multiOrganizationKey,
    stats: (id) => statsOf(realm, id === undefined ? undefined : worldIn(realm, id)),
    records: (kind, id) => wholeKind(worldIn(realm, id), kind),
    recentChanges: (id) => worldIn(realm, id).chronicle.recent(),
    setRate: (changesPerSecond) => setRate(realm, changesPerSecond),
    subscriptions: () => subscriptionsOf(realm),
    approve: (id) => {
      if (!approve(realm, id)) throw new RangeError(`no such subscription: ${id}`);
    },
    setFaults: (plan) => faults.set(checkedPlan(plan)),
    clearFaults: () => faults.clear(),
    faultLog: (after) => faults.log(after),
    requests: (after) => realm.requestLog.after(after),
    close: stop,
    [Symbol.asyncDispose]: stop,
  };
}

function worldIn({ organizations }: Realm, id = organizations.first.id): World {
  const found = organizations.find(id);
  if (found === undefined) throw new RangeError(`no such organization: ${id}`);
  return organizations.world(found);
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

async function close({ organizations, stop }: Realm, server: Server): Promise<void> {
  stop();
  for (const { life, deliveries } of organizations.awake()) {
    await life.stop();
    deliveries.close();
  }
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
