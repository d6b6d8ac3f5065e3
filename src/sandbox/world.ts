import type { Chronicle } from './chronicle.ts';
import type { Deliveries } from './deliver.ts';
import type { Gate } from './gate.ts';
import type { Life } from './life.ts';
import type { Plant } from './plant.ts';
import type { Subscriptions } from './subscriptions.ts';

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
