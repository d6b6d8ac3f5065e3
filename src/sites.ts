import { systemClock } from './base/clock.ts';
import { systemRandom } from './base/random.ts';
import { clientFor, principalsOf, quotaFor, requestsPerMinuteOf } from './clients.ts';
import type { Config } from './config.ts';
import { postgresSettings, type Site } from './inbound/index.ts';
import type { Gate, undiciHttp } from './maintainx/index.ts';
import type { Database } from './postgres/index.ts';
import { createBreaker, type Breaker, type QuotaUse } from './quota/index.ts';
import { connectionOf, type Connection } from './tenants/index.ts';
import type { Vault } from './vault/index.ts';

export interface SitesOptions {
  readonly config: Config;
  readonly database: Database;
  readonly vault: Vault;
  readonly http: ReturnType<typeof undiciHttp>;
  readonly signal: AbortSignal;
}

export interface Sites {
  readonly siteOf: (tenantId: string) => Promise<Site>;
  readonly connectionOf: (tenantId: string) => Promise<Connection>;
  /** What of the tenant's troubles nobody, as far as is known by now. */
  readonly fairPerSecondOf: (tenantId: string) => number | undefined;
  readonly quota: () => readonly QuotaUse[];
  readonly quotaOf: (tenantId: string) => QuotaUse | undefined;
}

/** Connections and shares stay open to change: they are read again after this time. */
const KNOWN_MS = 60_000;

interface Known {
  readonly connection: Connection;
  /** Percent; null: the installation's. */
  readonly quotaShare: number | null;
  readonly fairPerSecond: number | null;
}

/** One client and one breaker per connection, one governor per principal and share, however many lanes use them. */
export function createSites({ config, database, vault, http, signal }: SitesOptions): Sites {
  const quota = quotaFor({ config, database }, signal);
  const breakers = new Map<string, Breaker>();
  const known = new Map<string, Known & { readonly until: number }>();

  const gateOf = ({ connection, quotaShare }: Known): Gate => {
    const made =
      breakers.get(connection.connectionId) ??
      createBreaker(quota.gateOf(principalsOf(connection, quotaShare)), {
        clock: systemClock,
        random: systemRandom,
        signal,
      });
    breakers.set(connection.connectionId, made);
    return made.gate;
  };
  const lookUp = async (tenantId: string): Promise<Known> => {
    const cached = known.get(tenantId);
    if (cached !== undefined && cached.until > systemClock.now()) return cached;
    const found = await database.withTenant(tenantId, async (tx) => {
      const { quotaShare, fairPerSecond } = await postgresSettings(tx).read();
      return { connection: await connectionOf(tx, vault), quotaShare, fairPerSecond };
    });
    // Another key may have another user's quota.
    if (cached === undefined || isOther(cached, found)) breakers.delete(found.connection.connectionId);
    known.set(tenantId, { ...found, until: systemClock.now() + KNOWN_MS });
    return found;
  };
  return {
    connectionOf: async (tenantId) => (await lookUp(tenantId)).connection,
    siteOf: async (tenantId) => {
      const found = await lookUp(tenantId);
      const { connection, quotaShare } = found;
      const client = clientFor(config, connection, http, gateOf(found), signal);
      const requestsPerMinute = requestsPerMinuteOf(config, quotaShare);
      return { tenantId, organizationId: connection.organizationId, client, requestsPerMinute };
    },
    fairPerSecondOf: (tenantId) => known.get(tenantId)?.fairPerSecond ?? undefined,
    quota: () => quota.use(),
    quotaOf: (tenantId) => {
      const found = known.get(tenantId);
      return found === undefined ? undefined : quota.governorOf(principalsOf(found.connection, found.quotaShare)).use();
    },
  };
}

const isOther = (before: Known, now: Known): boolean =>
  before.quotaShare !== now.quotaShare || before.connection.apiKey.reveal() !== now.connection.apiKey.reveal();
