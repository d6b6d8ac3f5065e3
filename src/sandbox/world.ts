import type { Chronicle } from './life/chronicle.ts';
import type { Deliveries } from './hooks/deliver.ts';
import type { Gate } from './http/gate.ts';
import type { Life } from './life/life.ts';
import type { Plant } from './plant/plant.ts';
import type { Subscriptions } from './hooks/subscriptions.ts';

/** Everything that one running sandbox consists of. */
export interface World {
  readonly plant: Plant;
  readonly apiKey: string;
  readonly integrationUserId: number;
  readonly subscriptions: Subscriptions;
  readonly deliveries: Deliveries;
  readonly gate: Gate;
  readonly chronicle: Chronicle;
  readonly life: Life;
  /** The secret of a new webhook subscription. */
  readonly secretOf: (subscriptionId: number) => string;
  readonly requests: { count: number };
}
