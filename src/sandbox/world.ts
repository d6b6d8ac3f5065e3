import { seededRandom } from '../base/random.ts';
import type { Chronicle } from './chronicle.ts';
import type { Deliveries } from './deliver.ts';
import type { Gate } from './gate.ts';
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
  /** New webhook secrets. */
  readonly newSecret: () => string;
  readonly requests: { count: number };
}

/** A stream of random numbers of its own for each purpose, so that one does not move the other. */
export const streamOf = (seed: number, purpose: number): ReturnType<typeof seededRandom> =>
  seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(purpose, 0x85ebca6b));
