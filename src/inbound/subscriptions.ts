import { allOver } from '../base/all-over.ts';
import { sha256 } from '../base/hash.ts';
import { raise } from '../errors.ts';
import type { Secret } from '../base/secret.ts';
import { isHookEvent, type HookEvent } from '../maintainx/index.ts';
import type { Queries, TenantTransaction } from '../postgres/index.ts';
import type { Vault } from '../vault/index.ts';
import { subscribedName, type SubscribedName } from './missed-hooks.ts';
import { postgresSettings } from './postgres-settings.ts';

/**
 * `creating` asked for, answer unknown · `retiring` delivers until another one does · `retired` replaced, and deleted at
 * MaintainX · `lost` MaintainX has it no more, or its answer never came.
 */
export type SubscriptionState = 'creating' | 'active' | 'pending-approval' | 'retiring' | 'retired' | 'lost';

/** One webhook subscription at MaintainX: one event type, its own hook key, its own secret. */
export interface Subscription {
  readonly subscriptionId: string;
  readonly connectionId: string;
  readonly eventType: HookEvent;
  readonly state: SubscriptionState;
  readonly publicUrl: string;
  /** MaintainX's id. */
  readonly remoteId: string | null;
  readonly checkedAt: number | null;
  readonly createdAt: number;
}

/** What a hook key leads to. */
export interface HookTarget {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly eventType: HookEvent;
  readonly secret: Secret;
  /** See PullSettings. */
  readonly fairPerSecond: number | null;
}

const secretIdentity = (subscriptionId: string): string => `webhook_subscriptions/${subscriptionId}/secret`;

export const hookKeyHash = (hookKey: string): Buffer => sha256(hookKey);

/**
 * Notes a subscription that is about to be created, and under which key its webhooks will come. It follows a gap when the one
 * before it was lost, or led elsewhere.
 */
export async function insertSubscription(
  tx: TenantTransaction,
  subscription: Pick<Subscription, 'subscriptionId' | 'connectionId' | 'eventType' | 'publicUrl'>,
  hookKey: string,
  now: number,
): Promise<void> {
  const made = await tx.query(
    `insert into webhook_subscriptions (tenant_id, subscription_id, connection_id, event_type, state, public_url,
                                        created_at, follows_gap)
     select $1, $2, connection_id, $4, 'creating', $5, $6, coalesce((
       select state = 'lost' or public_url <> $5 from webhook_subscriptions
       where tenant_id = $1 and connection_id = $3 and event_type = $4 and remote_id is not null order by created_at desc limit 1
     ), false)
     from connections where tenant_id = $1 and connection_id = $3 and ended_at is null returning subscription_id`,
    [
      tx.tenantId,
      subscription.subscriptionId,
      subscription.connectionId,
      subscription.eventType,
      subscription.publicUrl,
      new Date(now),
    ],
  );
  if (made.length === 0) throw raise('not-found', 'the connection was ended meanwhile');
  await tx.query('insert into hook_keys (key_hash, tenant_id, subscription_id) values ($1, $2, $3)', [
    hookKeyHash(hookKey),
    tx.tenantId,
    subscription.subscriptionId,
  ]);
}

/** Notes MaintainX's id of a subscription whose secret is still to come. */
export async function noteRemoteId(tx: TenantTransaction, subscriptionId: string, remoteId: string): Promise<void> {
  await tx.query('update webhook_subscriptions set remote_id = $3 where tenant_id = $1 and subscription_id = $2', [
    tx.tenantId,
    subscriptionId,
    remoteId,
  ]);
}

/** Subscriptions of a connection asked for since then whose id at MaintainX nobody knows, by their id here. */
export async function unconfirmedSince(
  tx: TenantTransaction,
  connectionId: string,
  since: number,
): Promise<ReadonlyMap<string, 'creating' | 'lost'>> {
  const rows = await tx.query<{ subscription_id: string; state: 'creating' | 'lost' }>(
    `select subscription_id, state from webhook_subscriptions
     where tenant_id = $1 and connection_id = $2 and remote_id is null and created_at >= $3`,
    [tx.tenantId, connectionId, new Date(since)],
  );
  return new Map(rows.map((row) => [row.subscription_id, row.state]));
}

/** Notes what MaintainX answered. */
export async function confirmSubscription(
  tx: TenantTransaction,
  vault: Vault,
  subscriptionId: string,
  answer: { readonly remoteId: string; readonly state: SubscriptionState; readonly secret: Secret },
  now: number,
): Promise<void> {
  await tx.query(
    `update webhook_subscriptions set state = $3, remote_id = $4, secret = $5, checked_at = $6
     where tenant_id = $1 and subscription_id = $2 and state = 'creating'`,
    [
      tx.tenantId,
      subscriptionId,
      answer.state,
      answer.remoteId,
      await vault.seal(tx, secretIdentity(subscriptionId), answer.secret),
      new Date(now),
    ],
  );
}

export async function setSubscriptionState(
  tx: TenantTransaction,
  subscriptionId: string,
  state: SubscriptionState,
  now: number,
): Promise<void> {
  await tx.query(
    `update webhook_subscriptions set state = $3, checked_at = $4 where tenant_id = $1 and subscription_id = $2`,
    [tx.tenantId, subscriptionId, state, new Date(now)],
  );
}

/** Those of one connection or (null) of all that are at MaintainX, or may be. */
export async function subscriptionsOf(
  tx: TenantTransaction,
  connectionId: string | null,
): Promise<readonly Subscription[]> {
  const rows = await tx.query<{
    subscription_id: string;
    connection_id: string;
    event_type: string;
    state: SubscriptionState;
    public_url: string;
    remote_id: string | null;
    checked_at: number | null;
    created_at: number;
  }>(
    `select subscription_id, connection_id, event_type, state, public_url, remote_id, checked_at, created_at
     from webhook_subscriptions
     where tenant_id = $1 and ($2::uuid is null or connection_id = $2) and state not in ('lost', 'retired')
     order by event_type, created_at`,
    [tx.tenantId, connectionId],
  );
  return rows.flatMap((row) =>
    isHookEvent(row.event_type)
      ? [
          {
            subscriptionId: row.subscription_id,
            connectionId: row.connection_id,
            eventType: row.event_type,
            state: row.state,
            publicUrl: row.public_url,
            remoteId: row.remote_id,
            checkedAt: row.checked_at,
            createdAt: row.created_at,
          },
        ]
      : [],
  );
}

/** Events that every connection of the tenant has a subscription of that delivers. */
export async function subscribedEverywhere(tx: TenantTransaction): Promise<readonly HookEvent[]> {
  const rows = await tx.query<{ event_type: string }>(
    `select s.event_type from webhook_subscriptions s
     join connections c on (c.tenant_id, c.connection_id) = (s.tenant_id, s.connection_id) and c.ended_at is null
     where s.tenant_id = $1 and s.state = 'active' group by s.event_type
     having count(distinct s.connection_id) = (select count(*) from connections where tenant_id = $1 and ended_at is null)
     order by s.event_type`,
    [tx.tenantId],
  );
  return rows.map((row) => row.event_type).filter(isHookEvent);
}

/** Has every subscription replaced: each delivers until the new one does. Answers how many. */
export async function retireSubscriptions(tx: TenantTransaction): Promise<number> {
  const rows = await tx.query(
    `update webhook_subscriptions set state = 'retiring'
     where tenant_id = $1 and state in ('active', 'pending-approval') returning subscription_id`,
    [tx.tenantId],
  );
  return rows.length;
}

/** Ends all subscriptions of a connection here: what still comes by them is nobody's. */
export async function endSubscriptionsOf(tx: TenantTransaction, connectionId: string, now: number): Promise<void> {
  await tx.query(
    `update webhook_subscriptions set state = 'retired', checked_at = $3
     where tenant_id = $1 and connection_id = $2 and state not in ('lost', 'retired')`,
    [tx.tenantId, connectionId, new Date(now)],
  );
  await tx.query(
    `delete from hook_keys k using webhook_subscriptions s
     where k.tenant_id = $1 and s.tenant_id = $1 and s.subscription_id = k.subscription_id and s.connection_id = $2`,
    [tx.tenantId, connectionId],
  );
}

/** Forgets the hook keys of subscriptions that ended before `since` and by which nothing came since then. */
export async function forgetSilentKeys(tx: TenantTransaction, since: number): Promise<void> {
  await tx.query(
    `delete from hook_keys k using webhook_subscriptions s
     where k.tenant_id = $1 and s.tenant_id = $1 and s.subscription_id = k.subscription_id
       and s.state in ('lost', 'retired') and s.checked_at < $2
       and not exists (select from deliveries d where d.tenant_id = $1 and d.subscription_id = s.subscription_id
                         and d.received_on >= ($2::timestamptz at time zone 'UTC')::date and d.received_at >= $2)`,
    [tx.tenantId, new Date(since)],
  );
}

/** Since when webhooks are subscribed, whatever became of the first subscription. Epoch milliseconds. */
export async function subscribedSince(tx: TenantTransaction): Promise<ReadonlyMap<SubscribedName, number>> {
  const rows = await tx.query<{ organization_id: string; event_type: HookEvent; since: number }>(
    `select c.organization_id, s.event_type, min(s.created_at) as since from webhook_subscriptions s
     join connections c on (c.tenant_id, c.connection_id) = (s.tenant_id, s.connection_id)
     where s.tenant_id = $1 and s.remote_id is not null group by c.organization_id, s.event_type`,
    [tx.tenantId],
  );
  return new Map(rows.map((row) => [subscribedName(row.organization_id, row.event_type), row.since]));
}

/** Whose subscription a hook key is; undefined: nobody's. */
export const ownerOfHookKey = (
  directory: Queries,
  hookKey: string,
): Promise<{ readonly tenantId: string; readonly subscriptionId: string } | undefined> =>
  ownerOfHookKeyHash(directory, hookKeyHash(hookKey));

/** The same by the key's hash. */
export async function ownerOfHookKeyHash(
  directory: Queries,
  keyHash: Buffer,
): Promise<{ readonly tenantId: string; readonly subscriptionId: string } | undefined> {
  const [row] = await directory.query<{ tenant_id: string; subscription_id: string }>(
    'select tenant_id, subscription_id from hook_keys where key_hash = $1',
    [keyHash],
  );
  return row === undefined ? undefined : { tenantId: row.tenant_id, subscriptionId: row.subscription_id };
}

/** The secret and event type of a subscription; undefined while MaintainX's answer is outstanding. */
export async function hookTarget(
  tx: TenantTransaction,
  vault: Vault,
  subscriptionId: string,
): Promise<HookTarget | undefined> {
  const [[row], { fairPerSecond }] = await allOver([
    tx.query<{ event_type: string; secret: Buffer | null }>(
      'select event_type, secret from webhook_subscriptions where tenant_id = $1 and subscription_id = $2',
      [tx.tenantId, subscriptionId],
    ),
    postgresSettings(tx).read(),
  ]);
  const sealed = row?.secret;
  if (row === undefined || sealed === null || sealed === undefined || !isHookEvent(row.event_type)) return undefined;
  const secret = await vault.open(tx, secretIdentity(subscriptionId), sealed);
  return { tenantId: tx.tenantId, subscriptionId, eventType: row.event_type, secret, fairPerSecond };
}

/** Seals the secrets of all subscriptions anew. Answers how many. */
export async function resealHookSecrets(tx: TenantTransaction, vault: Vault): Promise<number> {
  const rows = await tx.query<{ subscription_id: string; secret: Buffer }>(
    `select subscription_id, secret from webhook_subscriptions
     where tenant_id = $1 and secret is not null order by subscription_id for update`,
    [tx.tenantId],
  );
  for (const { subscription_id: id, secret: sealed } of rows) {
    const secret = await vault.open(tx, secretIdentity(id), sealed);
    await tx.query('update webhook_subscriptions set secret = $3 where tenant_id = $1 and subscription_id = $2', [
      tx.tenantId,
      id,
      await vault.seal(tx, secretIdentity(id), secret),
    ]);
  }
  return rows.length;
}

/** Has every subscription looked up at MaintainX once more. */
export async function doubtChecks(tx: TenantTransaction): Promise<void> {
  await tx.query('update webhook_subscriptions set checked_at = null where tenant_id = $1', [tx.tenantId]);
}
