import type { Chronicle } from './life/chronicle.ts';
import type { Deliveries } from './hooks/deliver.ts';
import type { HookManner } from './hooks/hook-manner.ts';
import type { SignedLinks } from './http/signed-links.ts';
import type { Life } from './life/life.ts';
import type { Organization } from './organization.ts';
import type { Plant } from './plant/plant.ts';
import type { Subscriptions } from './hooks/subscriptions.ts';

/** Everything that one organisation consists of. */
export interface World {
  readonly organization: Organization;
  readonly plant: Plant;
  readonly integrationUserId: number;
  readonly subscriptions: Subscriptions;
  readonly deliveries: Deliveries;
  readonly manner: HookManner;
  /** Signs links of files and knows them again. */
  readonly links: SignedLinks;
  readonly chronicle: Chronicle;
  readonly life: Life;
  /** The secret of a new webhook subscription. */
  readonly secretOf: (subscriptionId: number) => string;
  /** Requests that reached this organisation. */
  readonly requests: { count: number };
}
