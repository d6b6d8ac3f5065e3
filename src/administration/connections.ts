import { isoTime } from '../base/clock.ts';
import { raise } from '../errors.ts';
import { endSubscriptionsOf, keyChanged, listedIn, PLAIN_RUN } from '../inbound/index.ts';
import { insertOrganizationLanes, takeLanesBack } from '../jobs/index.ts';
import type { TenantTransaction } from '../postgres/index.ts';
import {
  connectionMeant,
  endConnection,
  insertConnection,
  listConnections,
  lockTenant,
  type Connection,
  type ConnectionState,
} from '../tenants/index.ts';
import type { Vault } from '../vault/index.ts';
import type { Change } from './office.ts';

/** A connection as the API and the audit have it. */
export const connectionAsJson = ({ createdAt, endedAt, refusal, ...one }: ConnectionState) => ({
  ...one,
  state: endedAt !== null ? ('ended' as const) : refusal !== null ? ('refused' as const) : ('active' as const),
  reason: refusal,
  createdAt: isoTime(createdAt),
  endedAt: endedAt === null ? null : isoTime(endedAt),
});

type ConnectionJson = ReturnType<typeof connectionAsJson>;

/**
 * Gives the tenant one more organisation, or takes up one whose connection was ended, and asks for its copy, or (`planOnly`) for what
 * that costs; `runId` names it. A running server then subscribes webhooks and copies it. Refused with `request-invalid` when it is at work already.
 */
export const addConnection =
  (vault: Vault, connection: Connection, runId: string, planOnly = false): Change<ConnectionJson> =>
  async ({ whole, inbound, now }) => {
    const { organizationId } = connection;
    const connectionId = await insertConnection(whole, vault, connection, now);
    if (connectionId === undefined)
      throw raise('request-invalid', `the tenant has a connection to organisation ${organizationId} already`);
    await insertOrganizationLanes(whole, organizationId, now);
    // At once: whoever waits for the tenant's copy to be whole waits for this one too.
    const copy = { runId, organizationId, what: 'backfill', requestedAt: now } as const;
    const options = { ...PLAIN_RUN, planOnly };
    await inbound.runs.request({ ...copy, options }, listedIn(await inbound.settings.read()));
    // Of what is held already, nothing counts as deleted until the key has proven itself.
    if (connectionId !== connection.connectionId) await keyChanged(inbound, organizationId, now);
    const answer = connectionAsJson(await connectionMeant(whole, organizationId));
    return { target: `organisation ${organizationId}`, before: null, after: answer, answer };
  };

/** The connection that is to be ended. Refused with `request-invalid` when no other would be left. */
export async function mayEnd(tx: TenantTransaction, organizationId: string): Promise<ConnectionState> {
  const meant = await connectionMeant(tx, organizationId);
  const living = (await listConnections(tx)).filter(({ endedAt }) => endedAt === null);
  if (!living.some(({ connectionId }) => connectionId !== meant.connectionId))
    throw raise('request-invalid', 'it is the only connection at work: pause the tenant, or erase it');
  return meant;
}

/**
 * Ends a connection: its key is forgotten, its webhooks are nobody's any more, nothing more is read. What was copied over it stays.
 * The last one is not ended: a tenant without any is paused or erased.
 */
export const endOneConnection =
  (organizationId: string): Change<ConnectionJson> =>
  async ({ whole, now }) => {
    // Two that end one each must not leave none.
    await lockTenant(whole);
    // Whoever works for it ends its transaction, and then commits nothing more.
    await takeLanesBack(whole, organizationId, now);
    const before = await mayEnd(whole, organizationId);
    await endConnection(whole, before.connectionId, now);
    await endSubscriptionsOf(whole, before.connectionId, now);
    const answer = connectionAsJson(await connectionMeant(whole, organizationId));
    return { target: `organisation ${organizationId}`, before: connectionAsJson(before), after: answer, answer };
  };
