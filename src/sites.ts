import { systemClock } from './base/clock.ts';
import { systemRandom } from './base/random.ts';
import { clientFor, principalsOf, quotaFor, requestsPerMinuteOf } from './clients.ts';
import type { Config } from './config.ts';
import { postgresSettings, type Site } from './inbound/index.ts';
import type { Gate, undiciHttp } from './maintainx/index.ts';
import type { Database } from './postgres/index.ts';
import { createBreaker, type Breaker, type QuotaUse } from './quota/index.ts';
import { connectionTo, type Connection } from './tenants/index.ts';
import type { Vault } from './vault/index.ts';

export interface SitesOptions {
  readonly config: Config;
  readonly database: Database;
  readonly vault: Vault;
  readonly http: ReturnType<typeof undiciHttp>;
  readonly signal: AbortSignal;
}

export interface Sites {
  readonly siteOf: (tenantId: string, organizationId: string) => Promise<Site | undefined>;
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
  /** By tenant, then by organisation. */
  const known = new Map<string, Map<string, Known & { readonly until: number }>>();

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
  const lookUp = async (tenantId: string, organizationId: string): Promise<Known | undefined> => {
    const ofTenant = known.get(tenantId) ?? new Map<string, Known & { readonly until: number }>();
    known.set(tenantId, ofTenant);
    const cached = ofTenant.get(organizationId);
    if (cached !== undefined && cached.until > systemClock.now()) return cached;
    const found = await database.withTenant(tenantId, async (tx) => {
      const connection = await connectionTo(tx, vault, organizationId);
      if (connection === undefined) return undefined;
      const { quotaShare, fairPerSecond } = await postgresSettings(tx).read();
      return { connection, quotaShare, fairPerSecond };
    });
    if (found === undefined) {
      ofTenant.delete(organizationId);
      return undefined;
    }
    // Another key may have another user's quota.
    if (cached === undefined || isOther(cached, found)) breakers.delete(found.connection.connectionId);
    ofTenant.set(organizationId, { ...found, until: systemClock.now() + KNOWN_MS });
    return found;
  };
  const knownOf = (tenantId: string): Known | undefined => known.get(tenantId)?.values().next().value;
  return {
    siteOf: async (tenantId, organizationId) => {
      const found = await lookUp(tenantId, organizationId);
      if (found === undefined) return undefined;
      const { connection, quotaShare } = found;
      const client = clientFor(config, connection, http, gateOf(found), signal);
      const requestsPerMinute = requestsPerMinuteOf(config, quotaShare);
      return { tenantId, organizationId, connectionId: connection.connectionId, client, requestsPerMinute };
    },
    fairPerSecondOf: (tenantId) => knownOf(tenantId)?.fairPerSecond ?? undefined,
    quota: () => quota.use(),
    quotaOf: (tenantId) => {
      const found = knownOf(tenantId);
      return found === undefined ? undefined : quota.governorOf(principalsOf(found.connection, found.quotaShare)).use();
    },
  };
}

const isOther = (before: Known, now: Known): boolean =>
  before.quotaShare !== now.quotaShare || before.connection.apiKey.reveal() !== now.connection.apiKey.reveal();
