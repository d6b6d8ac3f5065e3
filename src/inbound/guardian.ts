import { randomBytes } from 'node:crypto';
import { isCoded } from '../base/coded-error.ts';
import type { LaneWork } from '../jobs/index.ts';
import { HOOK_EVENTS, isHookEvent, type HookEvent, type MaintainxClient } from '../maintainx/index.ts';
import type { Database } from '../postgres/index.ts';
import type { Vault } from '../vault/index.ts';
import { newId, type EnginePorts } from './engine.ts';
import {
  confirmSubscription,
  insertSubscription,
  setSubscriptionState,
  subscriptionsOf,
  type Subscription,
} from './subscriptions.ts';

/** Events whose webhooks we want: all that name a record, and those that say that our access is in danger. */
const WANTED_EVENTS: readonly HookEvent[] = Object.keys(HOOK_EVENTS)
  .filter(isHookEvent)
  .filter((name) => HOOK_EVENTS[name].records.length > 0 || ['WEBHOOK_ARCHIVED', 'API_TOKEN_REVOKED'].includes(name));

/** How long a subscription that was found is believed to be there. */
const BELIEVED_MS = 24 * 3_600_000;

export interface GuardianOptions {
  readonly ports: EnginePorts;
  readonly database: Database;
  readonly vault: Vault;
  /** The connection's id by tenant. */
  readonly connectionIdOf: (tenantId: string) => Promise<string>;
  /** Undefined: MaintainX cannot reach us, so there is nothing to guard. */
  readonly publicUrl: string | undefined;
  readonly intervalMs: number;
}

/** Keeps one working webhook subscription per wanted event type. */
export function guardianWork(options: GuardianOptions): LaneWork {
  const checked = new Set<string>();
  return async (lease, signal) => {
    const { publicUrl, ports } = options;
    if (publicUrl === undefined) return null;
    const { client } = await ports.siteOf(lease.tenantId);
    const guard = { ...options, publicUrl, client: client.inLane('poll'), tenantId: lease.tenantId };
    const kept = await keepWorking(guard, checked);
    for (const eventType of WANTED_EVENTS.filter((wanted) => !kept.has(wanted))) {
      if (signal.aborted) break;
      await create(guard, eventType);
    }
    return ports.clock.now() + options.intervalMs;
  };
}

interface Guard extends GuardianOptions {
  readonly publicUrl: string;
  readonly client: MaintainxClient;
  readonly tenantId: string;
}

/** Event types with a subscription that works; the others' rows are closed. */
async function keepWorking(guard: Guard, checked: Set<string>): Promise<ReadonlySet<HookEvent>> {
  const known = await guard.database.withTenant(guard.tenantId, subscriptionsOf);
  const kept = new Set<HookEvent>();
  for (const subscription of known) if (await isWorking(guard, subscription, checked)) kept.add(subscription.eventType);
  return kept;
}

async function isWorking(guard: Guard, subscription: Subscription, checked: Set<string>): Promise<boolean> {
  const { ports, publicUrl } = guard;
  const { remoteId, subscriptionId } = subscription;
  // Nobody else creates under this lease, so an unanswered attempt is a dead process's.
  if (subscription.state === 'creating' || remoteId === null) return close(guard, subscription, 'was never confirmed');
  if (subscription.publicUrl !== publicUrl) {
    await guard.client.unsubscribe(remoteId).catch(ignoreAbsence);
    return close(guard, subscription, 'leads to an earlier public URL');
  }
  const recent = checked.has(subscriptionId) && (subscription.checkedAt ?? 0) > ports.clock.now() - BELIEVED_MS;
  if (recent && subscription.state === 'active') return true;
  try {
    const { status } = await guard.client.subscription(remoteId);
    await setState(guard, subscriptionId, stateOf(status));
    checked.add(subscriptionId);
    return true;
  } catch (error) {
    ignoreAbsence(error);
    return close(guard, subscription, 'is not at MaintainX any more');
  }
}

async function close(guard: Guard, { subscriptionId, eventType }: Subscription, why: string): Promise<false> {
  guard.ports.log(`a webhook subscription ${why}; a new one is made`, { eventType });
  await setState(guard, subscriptionId, 'lost');
  return false;
}

const setState = (guard: Guard, subscriptionId: string, state: Subscription['state']): Promise<void> =>
  guard.database.withTenant(guard.tenantId, (tx) =>
    setSubscriptionState(tx, subscriptionId, state, guard.ports.clock.now()),
  );

/** The row with its hook key first, so that webhooks which come before MaintainX's answer find somebody at home. */
async function create(guard: Guard, eventType: HookEvent): Promise<void> {
  const { ports, database, vault, tenantId, publicUrl, client } = guard;
  const subscriptionId = newId(ports);
  const hookKey = randomBytes(32).toString('base64url');
  const connectionId = await guard.connectionIdOf(tenantId);
  await database.withTenant(tenantId, (tx) =>
    insertSubscription(tx, { subscriptionId, connectionId, eventType, publicUrl }, hookKey, ports.clock.now()),
  );
  const made = await client.subscribe(eventType, `${publicUrl}/hooks/${hookKey}`);
  const secret = made.secret ?? (await client.subscriptionSecret(made.id));
  const answer = { remoteId: made.id, state: stateOf(made.status), secret };
  await database.withTenant(tenantId, (tx) =>
    confirmSubscription(tx, vault, subscriptionId, answer, ports.clock.now()),
  );
}

const stateOf = (status: string): Subscription['state'] =>
  status === 'PENDING_APPROVAL' ? 'pending-approval' : 'active';

function ignoreAbsence(error: unknown): void {
  if (!isCoded(error, 'maintainx-not-found')) throw error;
}
