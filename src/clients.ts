import { hostname } from 'node:os';
import { systemClock } from './base/clock.ts';
import { sha256 } from './base/hash.ts';
import { systemRandom } from './base/random.ts';
import type { Secret } from './base/secret.ts';
import { uuidv7 } from './base/uuid.ts';
import type { Config } from './config.ts';
import { subscriptionsOf, writesFor } from './inbound/index.ts';
import { createClient, undiciHttp, type Gate, type MaintainxClient, type QuotaRule } from './maintainx/index.ts';
import {
  addTenant,
  addTenantsOfKey,
  triedConnection,
  type AddedOfKey,
  type AddedTenant,
  type NewConnection,
  type NewTenant,
  type NewTenants,
} from './onboarding/index.ts';
import type { Database } from './postgres/index.ts';
import { createQuota, postgresShelf, type Principals, type Quota } from './quota/index.ts';
import { listConnections, openConnection, type Connection } from './tenants/index.ts';
import type { Vault } from './vault/index.ts';

/** Clients of MaintainX as this installation makes them, and whose quota they use. */

interface Parts {
  readonly config: Config;
  readonly database: Database;
}

/** What one user's key may send in a minute; 0: no limit. `share`: the tenant's own, percent; null: the installation's. */
export const requestsPerMinuteOf = ({ requestsPerMinute, quotaShare }: Config, share: number | null = null): number =>
  requestsPerMinute === 0 ? 0 : Math.max(1, Math.floor((requestsPerMinute * (share ?? quotaShare)) / 100));

/** The window of one user. */
export const userRuleOf = (config: Config, share: number | null = null): QuotaRule =>
  ruleOf({ ...config, quotaShare: share ?? config.quotaShare }, config.requestsPerMinute);

const ruleOf = ({ quotaWindowMs, quotaShare }: Config, requestsPerMinute: number): QuotaRule => ({
  limit: requestsPerMinute === 0 ? Infinity : Math.max(1, (requestsPerMinute * quotaWindowMs) / 60_000),
  windowMs: quotaWindowMs,
  share: quotaShare / 100,
});

/** Windows of the installation: all its processes send under them together. */
export function quotaFor({ config, database }: Parts, signal: AbortSignal): Quota {
  const rule = (requestsPerMinute: number): QuotaRule => ruleOf(config, requestsPerMinute);
  return createQuota({
    perUser: rule(config.requestsPerMinute),
    // One user may use what all together may: a raised limit of the user raises the organisation's.
    perOrganization: rule(
      config.requestsPerMinute === 0 || config.organisationRequestsPerMinute === 0
        ? 0
        : Math.max(config.requestsPerMinute, config.organisationRequestsPerMinute),
    ),
    holder: `${hostname()}/${process.pid}/${uuidv7(systemClock.now(), systemRandom)}`,
    shelf: postgresShelf(database),
    clock: systemClock,
    signal,
  });
}

/** Lets the requests of a key through that no connection has yet, within its user's window. */
export function gateOfKey(parts: Parts, key: Pick<Connection, 'apiKey' | 'principal'>, signal: AbortSignal): Gate {
  return quotaFor(parts, signal).governorOf(principalsOf({ ...key, organizationId: '' })).gate;
}

/** A key belongs to a user, of whom nothing else is known; who has two of them declares a name for both. */
export const principalsOf = (
  connection: Pick<Connection, 'apiKey' | 'organizationId' | 'principal'>,
  share: number | null = null,
): Principals => ({
  ...(share === null ? {} : { share: share / 100 }),
  user: connection.principal ?? `key ${sha256(connection.apiKey.reveal()).toString('hex').slice(0, 32)}`,
  organization: `organisation ${connection.organizationId}`,
});

/** A client for a connection; without a gate its requests go out at once. */
export function clientFor(
  config: Config,
  connection: Pick<Connection, 'apiKey' | 'organizationId' | 'sendsOrganization'>,
  http: ReturnType<typeof undiciHttp>,
  gate?: Gate,
  signal?: AbortSignal,
): MaintainxClient {
  return createClient({
    baseUrl: config.maintainxBaseUrl,
    apiKey: connection.apiKey,
    organizationId: connection.sendsOrganization ? connection.organizationId : undefined,
    http,
    ...(gate === undefined ? {} : { gate }),
    ...(signal === undefined ? {} : { signal }),
    clock: systemClock,
    random: systemRandom,
    timeoutMs: config.requestTimeoutMs,
  });
}

interface KeyUse {
  /** Which organisation, when the key sees several. */
  readonly organization?: string | undefined;
  /** A name for the user whose quota the key uses. */
  readonly principal?: string | null | undefined;
}

/** Clients for keys that no connection has yet; they end with `work`. */
export async function withClients<Result>(
  parts: Parts,
  { organization = '', principal = null }: KeyUse,
  work: (clientWith: (apiKey: Secret) => MaintainxClient) => Promise<Result>,
): Promise<Result> {
  const http = undiciHttp();
  const stopping = new AbortController();
  const sendsOrganization = organization !== '';
  try {
    return await work((apiKey) => {
      const gate = gateOfKey(parts, { apiKey, principal }, stopping.signal);
      return clientFor(parts.config, { apiKey, organizationId: organization, sendsOrganization }, http, gate);
    });
  } finally {
    stopping.abort();
    await http.close();
  }
}

/** Tries a key and makes a tenant for each organisation that it sees. */
export const onboardAll = (
  parts: Parts & { readonly vault: Vault },
  given: NewTenants,
): Promise<readonly AddedOfKey[]> =>
  withClients(parts, { principal: given.principal }, (clientWith) =>
    addTenantsOfKey(
      { database: parts.database, vault: parts.vault, clock: systemClock, random: systemRandom, clientWith },
      given,
    ),
  );

/** Tries a key and makes its tenant. */
export const onboard = (parts: Parts & { readonly vault: Vault }, given: NewTenant): Promise<AddedTenant> =>
  withClients(parts, { organization: given.organizationId, principal: given.principal }, (clientWith) =>
    addTenant(
      { database: parts.database, vault: parts.vault, clock: systemClock, random: systemRandom, clientWith },
      given,
    ),
  );

/** Tries a key and answers the connection that a tenant gets with it. */
export const connect = (parts: Parts, given: NewConnection): Promise<Connection> =>
  withClients(parts, { organization: given.organizationId, principal: given.principal }, (clientWith) =>
    triedConnection({ clock: systemClock, random: systemRandom, clientWith }, given),
  );

/** How long MaintainX may take to end the subscriptions of one connection. */
const ENDED_IN_MS = 20_000;

/** How many were ended, and how many may still be there. */
interface EndedSubscriptions {
  readonly ended: number;
  readonly left: number;
}

/**
 * Ends at MaintainX the webhook subscriptions of a tenant that is about to be erased, or of one of its connections that is about to
 * be ended, as far as it answers in time: afterwards nobody has the key to do it with. Never rejects.
 */
export async function endSubscriptions(
  parts: Parts & { readonly vault: Vault },
  tenantId: string,
  organization: string | null = null,
): Promise<EndedSubscriptions> {
  const connections = await parts.database
    .withTenant(tenantId, listConnections)
    // No database: what cannot be ended is left.
    .catch(() => []);
  const meant = connections.filter(
    ({ organizationId, endedAt }) => endedAt === null && (organization === null || organizationId === organization),
  );
  const all = await Promise.all(meant.map(({ organizationId }) => endThoseOf(parts, tenantId, organizationId)));
  return {
    ended: all.reduce((sum, { ended }) => sum + ended, 0),
    left: all.reduce((sum, { left }) => sum + left, 0),
  };
}

async function endThoseOf(
  parts: Parts & { readonly vault: Vault },
  tenantId: string,
  organizationId: string,
): Promise<EndedSubscriptions> {
  let [ended, known] = [0, 0];
  try {
    const { connection, remoteIds } = await parts.database.withTenant(tenantId, async (tx) => {
      const one = await openConnection(tx, parts.vault, organizationId);
      const subscriptions = await subscriptionsOf(tx, one.connectionId);
      return { connection: one, remoteIds: subscriptions.flatMap(({ remoteId }) => remoteId ?? []) };
    });
    known = remoteIds.length;
    if ((await writesFor(parts.database, tenantId)) !== 'on') return { ended, left: known };
    const sent = connection.sendsOrganization ? organizationId : '';
    await withClients(parts, { organization: sent, principal: connection.principal }, async (clientWith) => {
      const client = clientWith(connection.apiKey);
      const late = new AbortController();
      const endAll = async (): Promise<void> => {
        for (const id of remoteIds) {
          if (late.signal.aborted) return;
          await client.unsubscribe(id).then(
            () => void ended++,
            () => undefined,
          );
        }
        late.abort();
      };
      await Promise.race([endAll(), systemClock.sleep(ENDED_IN_MS, late.signal)]);
      late.abort();
    });
  } catch {
    // No connection, no key, no database: what cannot be ended is left.
  }
  return { ended, left: known - ended };
}
