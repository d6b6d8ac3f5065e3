import { KINDS, type Kind } from '../maintainx/catalogue/index.ts';
import type { HookCounts } from './hooks/deliver.ts';
import type { World } from './world.ts';

export interface SandboxStats {
  /** Requests to the API, refused ones too. */
  readonly requests: number;
  /** Changes that the life made. */
  readonly changes: number;
  readonly changesPerSecond: number;
  readonly hooks: HookCounts;
  readonly subscriptions: number;
  /** Living records per kind. */
  readonly records: Readonly<Record<Kind, number>>;
  /** Requests in the current window by user id; limit 0 means unlimited. */
  readonly windows: readonly { readonly user: string; readonly used: number; readonly limit: number }[];
}

export function statsOf(world: World): SandboxStats {
  const { plant, gate, chronicle, deliveries, subscriptions, life, requests } = world;
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, plant.store.count(kind)]));
  return {
    requests: requests.count,
    changes: chronicle.count,
    changesPerSecond: life.rate,
    hooks: deliveries.counts(),
    subscriptions: subscriptions.all().length,
    records: { ...NONE, ...counts },
    windows: [...gate.perUser.windows()]
      .filter(([user]) => user !== 'nobody')
      .map(([user, { used, limit }]) => ({ user, used, limit })),
  };
}

const NONE: Readonly<Record<Kind, number>> = {
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
