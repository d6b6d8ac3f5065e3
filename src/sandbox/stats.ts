import { CORE_KINDS, type CoreKind } from '../maintainx/catalogue/index.ts';
import type { HookCounts } from './hooks/deliver.ts';
import { isoAt } from './plant/plant.ts';
import type { Realm } from './realm.ts';
import type { World } from './world.ts';

export interface SandboxStats {
  /** Requests to the API, refused ones too. */
  readonly requests: number;
  /** Changes that the life made. */
  readonly changes: number;
  /** In each organisation. */
  readonly changesPerSecond: number;
  readonly hooks: HookCounts;
  readonly subscriptions: number;
  /** Whether parts may lie in several places; off for a while after a write of deprecated stock fields (FACTS 2.4). */
  readonly multiLocationParts: { readonly on: boolean; readonly offUntil: string | null };
  /** Living records per kind. */
  readonly records: Readonly<Record<CoreKind, number>>;
  /** Requests in the current window by user id; limit 0 means unlimited. */
  readonly windows: readonly { readonly user: string; readonly used: number; readonly limit: number }[];
  /** Organisations that have a plant by now: each gets it with the first request. */
  readonly organizations: number;
}

/** Of one organisation, or of all together. */
export function statsOf({ organizations, gate, requests, pace }: Realm, world?: World): SandboxStats {
  const worlds = world === undefined ? organizations.awake() : [world];
  const sum = (count: (one: World) => number): number => worlds.reduce((total, one) => total + count(one), 0);
  const counts = Object.fromEntries(CORE_KINDS.map((kind) => [kind, sum(({ plant }) => plant.store.count(kind))]));
  const hooks = worlds.map(({ deliveries }) => deliveries.counts());
  return {
    requests: world?.requests.count ?? requests.count,
    changes: sum(({ chronicle }) => chronicle.count),
    changesPerSecond: world?.life.rate ?? pace.rate,
    hooks: hooks.reduce(added, NO_HOOKS),
    subscriptions: sum(({ subscriptions }) => subscriptions.all().length),
    multiLocationParts: multiLocationParts(worlds),
    records: { ...NONE, ...counts },
    windows: [...gate.windows()]
      .filter(([user]) => user !== 'nobody')
      .filter(([user]) => world === undefined || world.plant.store.get('user', Number(user)) !== undefined)
      .map(([user, { used, limit }]) => ({ user, used, limit })),
    organizations: worlds.length,
  };
}

function multiLocationParts(worlds: readonly World[]): SandboxStats['multiLocationParts'] {
  const ends = worlds.flatMap(({ plant }) => plant.multiLocationParts.offUntil(plant.clock.now()) ?? []);
  return { on: ends.length === 0, offUntil: ends.length === 0 ? null : isoAt(Math.max(...ends)) };
}

const NO_HOOKS: HookCounts = { sent: 0, acknowledged: 0, failed: 0, underWay: 0, waiting: 0 };

const added = (left: HookCounts, right: HookCounts): HookCounts => ({
  sent: left.sent + right.sent,
  acknowledged: left.acknowledged + right.acknowledged,
  failed: left.failed + right.failed,
  underWay: left.underWay + right.underWay,
  waiting: left.waiting + right.waiting,
});

const NONE: Readonly<Record<CoreKind, number>> = {
  location: 0,
  asset: 0,
  'work-order': 0,
  'work-request': 0,
  part: 0,
  'purchase-order': 0,
  vendor: 0,
  meter: 0,
  user: 0,
  team: 0,
  category: 0,
};
