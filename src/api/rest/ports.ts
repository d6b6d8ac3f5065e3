import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Secret } from '../../base/secret.ts';
import { uuidv7 } from '../../base/uuid.ts';
import type { BlobStore } from '../../blobs/index.ts';
import type { InboundStore, UpkeepTimes } from '../../inbound/index.ts';
import type { MaintainxClient, QuotaRule } from '../../maintainx/index.ts';
import type { AddedOfKey, AddedTenant, NewConnection, NewTenant, NewTenants } from '../../onboarding/index.ts';
import type { Database } from '../../postgres/index.ts';
import type { Principals } from '../../quota/index.ts';
import type { Connection } from '../../tenants/index.ts';
import type { Keyring, Vault } from '../../vault/index.ts';

/** What the routes work with. */
export interface RoutePorts {
  readonly database: Database;
  readonly store: InboundStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly vault: Vault;
  readonly keyring: Keyring;
  readonly blobs: BlobStore;
  /** How the copies are kept: when, and with how many requests a minute (0: no limit) for a share of the quota. */
  readonly upkeep: {
    readonly times: UpkeepTimes;
    readonly requestsPerMinute: (quotaShare: number | null) => number;
  };
  /** The window of one user, for a share of it (percent; null: the installation's). */
  readonly quotaRule: (quotaShare: number | null) => QuotaRule;
  /** Under whose windows a connection sends. */
  readonly whoseQuota: (connection: Connection) => Principals;
  /** Of one token at this process. */
  readonly requestsPerMinute: number;
  /** Tries the key at MaintainX and makes the tenant. */
  readonly addTenant: (given: NewTenant) => Promise<AddedTenant>;
  /** Tries the key and makes a tenant for each organisation that it sees. */
  readonly addTenantsOfKey: (given: NewTenants) => Promise<readonly AddedOfKey[]>;
  /** Tries the key at MaintainX and answers the connection that a tenant gets with it. */
  readonly connect: (given: NewConnection) => Promise<Connection>;
  /** Ends the webhook subscriptions of a tenant or of one of its organisations at MaintainX, as far as it answers. Never rejects. */
  readonly endSubscriptions: (tenantId: string, organizationId?: string) => Promise<unknown>;
  /** Clients for keys that no connection has yet; they end with `work`. */
  readonly withClients: <Result>(
    work: (clientWith: (apiKey: Secret) => MaintainxClient) => Promise<Result>,
  ) => Promise<Result>;
}

export const newId = ({ clock, random }: RoutePorts): string => uuidv7(clock.now(), random);
