import { randomBytes } from 'node:crypto';
import { isCoded } from '../base/coded-error.ts';
import type { Secret } from '../base/secret.ts';
import { fenceLease, type LaneWork, type Lease } from '../jobs/index.ts';
import { HOOK_EVENTS, isHookEvent, type HookEvent, type MaintainxClient } from '../maintainx/index.ts';
import type { Database, TenantTransaction } from '../postgres/index.ts';
import type { Vault } from '../vault/index.ts';
import { adoptOrphans } from './adopt-orphans.ts';
import { newId, type EnginePorts, type Site } from './engine.ts';
import { writesFor } from './may-write.ts';
import { catchUp, retireReplaced } from './replace-subscriptions.ts';
import {
  confirmSubscription,
  insertSubscription,
  noteRemoteId,
  setSubscriptionState,
  subscriptionsOf,
  type Subscription,
} from './subscriptions.ts';
import { isAboutOneKind } from './trouble.ts';

/** About our own access: it is in danger, or a subscription of ours came to be. */
const ABOUT_US: readonly HookEvent[] = ['WEBHOOK_CREATED', 'WEBHOOK_ARCHIVED', 'API_TOKEN_REVOKED'];

/** Events whose webhooks we want: all that name a record, and those about our access. */
export const WANTED_EVENTS: readonly HookEvent[] = Object.keys(HOOK_EVENTS)
  .filter(isHookEvent)
  .filter((name) => HOOK_EVENTS[name].records.length > 0 || ABOUT_US.includes(name));

/** In the order in which they are subscribed: first what tells of the others if their creation is never answered. */
const IN_ORDER: readonly HookEvent[] = [...ABOUT_US, ...WANTED_EVENTS.filter((name) => !ABOUT_US.includes(name))];

/** How long a subscription that was found is believed to be there. */
export const BELIEVED_MS = 24 * 3_600_000;

/** How long a webhook is waited for that tells of a subscription whose creation was never answered. */
const PATIENCE_MS = 30_000;

export interface GuardianOptions {
  readonly ports: EnginePorts;
  readonly database: Database;
  readonly vault: Vault;
  /** Undefined: MaintainX cannot reach us, so there is nothing to guard. */
  readonly publicUrl: string | undefined;
  readonly intervalMs: number;
}

/** Keeps one working webhook subscription per wanted event type, unless nothing is to be written to MaintainX. */
export function guardianWork(options: GuardianOptions): LaneWork {
  const memory: Memory = { checked: new Set(), attempts: new Map(), lookedTo: new Map() };
  return async (lease, signal) => {
    const { publicUrl, ports } = options;
    if (publicUrl === undefined) return null;
    const { tenantId, organizationId } = lease;
    const site = await ports.siteOf(tenantId, organizationId);
    if (site === undefined) return null;
    const writes = await writesFor(options.database, tenantId);
    if (writes !== 'on') {
      if (writes === 'dry-run') await tellUndone(options, site);
      return ports.clock.now() + options.intervalMs;
    }
    const { client, connectionId } = site;
    const guard: Guard = { ...options, publicUrl, connectionId, client: client.inLane('poll'), lease, memory };
    await adoptOrphans({
      ...guard,
      tenantId,
      lookedTo: memory.lookedTo,
      underLease: (work) => underLease(guard, work),
    });
    const kept = await keepWorking(guard);
    for (const eventType of IN_ORDER.filter((wanted) => !kept.has(wanted))) {
      // Switched off in the middle, it stops there.
      if (signal.aborted || (await writesFor(options.database, tenantId)) !== 'on') return ports.clock.now();
      await tryToCreate(guard, eventType);
    }
    await retireReplaced({ ...guard, underLease: (work) => underLease(guard, work) });
    await catchUp(ports, lease);
    return ports.clock.now() + options.intervalMs;
  };
}

/** Says what a dry run leaves undone. */
async function tellUndone({ ports, database }: GuardianOptions, site: Site): Promise<void> {
  const { tenantId, organizationId, connectionId } = site;
  const known = await database.withTenant(tenantId, (tx) => subscriptionsOf(tx, connectionId));
  const staying = new Set(known.filter(({ state }) => state !== 'retiring').map(({ eventType }) => eventType));
  const made = IN_ORDER.filter((one) => !staying.has(one));
  const ended = known.filter(({ state }) => state === 'retiring').length;
  if (made.length + ended > 0)
    ports.log('a dry run: webhook subscriptions would be made or ended', { tenantId, organizationId, made, ended });
}

/** What one process remembers between its rounds. */
interface Memory {
  /** Subscriptions that were found at MaintainX since the process started. */
  readonly checked: Set<string>;
  /** Attempts that failed, by connection and event type: how many, and when the next may be made. */
  readonly attempts: Map<string, { readonly failed: number; readonly notBefore: number }>;
  /** How far the log was looked through for orphans, by connection. */
  readonly lookedTo: Map<string, number>;
}

interface Guard extends GuardianOptions {
  readonly publicUrl: string;
  readonly connectionId: string;
  readonly client: MaintainxClient;
  readonly lease: Lease;
  readonly memory: Memory;
}

/** A transaction of the guardian, as long as the lease holds. */
const underLease = <Result>(guard: Guard, work: (tx: TenantTransaction) => Promise<Result>): Promise<Result> =>
  guard.database.withTenant(guard.lease.tenantId, async (tx) => {
    await fenceLease(tx, guard.lease);
    return work(tx);
  });

/** Event types with a subscription that works and is to stay; those that do not work are closed. */
async function keepWorking(guard: Guard): Promise<ReadonlySet<HookEvent>> {
  const known = await underLease(guard, (tx) => subscriptionsOf(tx, guard.connectionId));
  const kept = new Set<HookEvent>();
  for (const subscription of known.filter(({ state }) => state !== 'retiring'))
    if (await isWorking(guard, subscription)) kept.add(subscription.eventType);
  return kept;
}

async function isWorking(guard: Guard, subscription: Subscription): Promise<boolean> {
  const { ports, publicUrl, memory } = guard;
  const { remoteId, subscriptionId } = subscription;
  // Nobody else creates under this lease, so an unanswered attempt is over; MaintainX may still tell that it succeeded.
  if (remoteId === null) return isAwaited(guard, subscription) || close(guard, subscription, 'was never confirmed');
  if (subscription.publicUrl !== publicUrl) {
    await guard.client.unsubscribe(remoteId).catch(ignoreAbsence);
    return close(guard, subscription, 'leads to an earlier public URL');
  }
  if (subscription.state === 'creating') return completed(guard, subscription, remoteId);
  const recent = memory.checked.has(subscriptionId) && (subscription.checkedAt ?? 0) > ports.clock.now() - BELIEVED_MS;
  if (recent && subscription.state === 'active') return true;
  try {
    const { status } = await guard.client.subscription(remoteId);
    await setState(guard, subscriptionId, stateOf(status));
    memory.checked.add(subscriptionId);
    return true;
  } catch (error) {
    ignoreAbsence(error);
    return close(guard, subscription, 'is not at MaintainX any more');
  }
}

/** For a while a webhook may tell what the answer did not: no second one is made meanwhile. */
const isAwaited = ({ ports }: Guard, { createdAt }: Subscription): boolean =>
  ports.clock.now() < createdAt + PATIENCE_MS;

/** One whose secret could not be read yet: it exists at MaintainX, so no second one is made while that lasts. */
async function completed(guard: Guard, subscription: Subscription, remoteId: string): Promise<boolean> {
  try {
    await confirm(guard, subscription.subscriptionId, remoteId, await guard.client.subscriptionSecret(remoteId));
    return true;
  } catch (error) {
    if (isCoded(error, 'maintainx-not-found')) return close(guard, subscription, 'is not at MaintainX any more');
    if (!isAboutOneKind(error)) throw error;
    guard.ports.log('the secret of a webhook subscription cannot be read', {
      eventType: subscription.eventType,
      reason: `${error.code}: ${error.message}`,
    });
    return true;
  }
}

async function close(guard: Guard, { subscriptionId, eventType }: Subscription, why: string): Promise<false> {
  guard.ports.log(`a webhook subscription ${why}; a new one is made`, { eventType });
  await setState(guard, subscriptionId, 'lost');
  return false;
}

const setState = (guard: Guard, subscriptionId: string, state: Subscription['state']): Promise<void> =>
  underLease(guard, (tx) => setSubscriptionState(tx, subscriptionId, state, guard.ports.clock.now()));

/** An event type that MaintainX refuses keeps no other from being subscribed; it is tried again later and later. */
async function tryToCreate(guard: Guard, eventType: HookEvent): Promise<void> {
  const { ports, memory, connectionId, intervalMs } = guard;
  const key = `${connectionId} ${eventType}`;
  const earlier = memory.attempts.get(key) ?? { failed: 0, notBefore: 0 };
  if (earlier.notBefore > ports.clock.now()) return;
  try {
    memory.checked.add(await create(guard, eventType));
    memory.attempts.delete(key);
  } catch (error) {
    if (!isAboutOneKind(error)) throw error;
    const wait = Math.min(intervalMs * 2 ** earlier.failed, BELIEVED_MS);
    memory.attempts.set(key, { failed: earlier.failed + 1, notBefore: ports.clock.now() + wait });
    ports.log('a webhook could not be subscribed', { eventType, reason: `${error.code}: ${error.message}` });
  }
}

/** The row with its hook key first, so that MaintainX's answer, however late, belongs to something. Answers its id. */
async function create(guard: Guard, eventType: HookEvent): Promise<string> {
  const { ports, publicUrl, client, connectionId } = guard;
  const subscriptionId = newId(ports);
  const hookKey = randomBytes(32).toString('base64url');
  await underLease(guard, (tx) =>
    insertSubscription(tx, { subscriptionId, connectionId, eventType, publicUrl }, hookKey, ports.clock.now()),
  );
  const made = await client.subscribe(eventType, `${publicUrl}/hooks/${hookKey}`);
  // Kept before anything else can fail: MaintainX has no list of subscriptions, an id that is lost cannot be found again.
  await underLease(guard, (tx) => noteRemoteId(tx, subscriptionId, made.id));
  const secret = made.secret ?? (await client.subscriptionSecret(made.id));
  await confirm(guard, subscriptionId, made.id, secret, stateOf(made.status));
  return subscriptionId;
}

const confirm = (
  guard: Guard,
  subscriptionId: string,
  remoteId: string,
  secret: Secret,
  state: Subscription['state'] = 'active',
): Promise<void> =>
  underLease(guard, (tx) =>
    confirmSubscription(tx, guard.vault, subscriptionId, { remoteId, state, secret }, guard.ports.clock.now()),
  );

const stateOf = (status: string): Subscription['state'] =>
  status === 'PENDING_APPROVAL' ? 'pending-approval' : 'active';

function ignoreAbsence(error: unknown): void {
  if (!isCoded(error, 'maintainx-not-found')) throw error;
}
