import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { InboundStore } from '../../inbound/index.ts';
import type { AddedTenant, NewTenant } from '../../onboarding/index.ts';
import type { Database } from '../../postgres/index.ts';

/** What the routes work with. */
export interface RoutePorts {
  readonly database: Database;
  readonly store: InboundStore;
  readonly clock: Clock;
  readonly random: Random;
  /** Tries the key at MaintainX and makes the tenant. */
  readonly addTenant: (given: NewTenant) => Promise<AddedTenant>;
}
