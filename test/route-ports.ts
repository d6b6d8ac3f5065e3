import type { RoutePorts } from '../src/api/index.ts';
import { systemRandom } from '../src/base/random.ts';
import type { Secret } from '../src/base/secret.ts';
import { memoryBlobs } from '../src/blobs/index.ts';
import { principalsOf } from '../src/clients.ts';
import { raise } from '../src/errors.ts';
import type { Database } from '../src/postgres/index.ts';
import { postgresStore } from '../src/store/index.ts';
import { fixedKeyring, openVault } from '../src/vault/index.ts';

export interface TestPortsOptions {
  readonly database: Database;
  readonly masterKey: Secret;
  /** Epoch milliseconds, for as long as the test lasts. */
  readonly now: number;
  /** Of one token. */
  readonly requestsPerMinute?: number;
}

const HOUR_MS = 3_600_000;

/** What the API's routes work with, over a real database and no MaintainX. */
export function testRoutePorts({
  database,
  masterKey,
  now,
  requestsPerMinute = 1_000_000,
}: TestPortsOptions): RoutePorts {
  const keyring = fixedKeyring(masterKey);
  const times = {
    pollIntervalMs: 60_000,
    sweepIntervalMs: 6 * HOUR_MS,
    rereadIntervalMs: 24 * HOUR_MS,
    upkeepShare: 40,
  };
  return {
    database,
    store: postgresStore(database),
    clock: { now: () => now, sleep: () => Promise.resolve() },
    random: systemRandom,
    keyring,
    vault: openVault(keyring),
    blobs: memoryBlobs(),
    upkeep: { times, requestsPerMinute: (share) => 3 * (share ?? 100) },
    quotaRule: (share) => ({ limit: 300, windowMs: 60_000, share: (share ?? 100) / 100 }),
    whoseQuota: principalsOf,
    requestsPerMinute,
    connect: () => Promise.reject(raise('request-invalid', 'MaintainX does not know this key')),
    addTenant: () => Promise.reject(raise('request-invalid', 'MaintainX does not know this key')),
    addTenantsOfKey: () => Promise.reject(raise('request-invalid', 'MaintainX does not know this key')),
    endSubscriptions: () => Promise.resolve(),
    withClients: () => Promise.reject(raise('request-invalid', 'MaintainX does not know this key')),
  };
}
