import { isCoded } from '../base/coded-error.ts';
import { objectOf, parseStored } from '../base/json.ts';
import type { StoredEvent } from '../log/index.ts';
import { HOOK_EVENTS, type MaintainxClient } from '../maintainx/index.ts';
import type { Database, TenantTransaction } from '../postgres/index.ts';
import type { EnginePorts } from './engine.ts';
import { hookKeyHashIn } from './hook-url.ts';
import { noteRemoteId, ownerOfHookKeyHash, unconfirmedSince } from './subscriptions.ts';

/** How long after the attempt MaintainX's word about it still counts. */
const TOLD_WITHIN_MS = 24 * 3_600_000;
/** Events looked through at first; later only what came since. */
const FIRST_LOOK = 10_000;
const PAGE = 1_000;

export interface OrphanOptions {
  readonly ports: Pick<EnginePorts, 'store' | 'clock' | 'log'>;
  readonly database: Database;
  readonly tenantId: string;
  readonly connectionId: string;
  readonly publicUrl: string;
  readonly client: MaintainxClient;
  /** How far the log was looked through, by connection. */
  readonly lookedTo: Map<string, number>;
  readonly underLease: <Result>(work: (tx: TenantTransaction) => Promise<Result>) => Promise<Result>;
}

/**
 * Subscriptions whose creation was never answered: MaintainX has no list of them, but tells of each new one by a webhook with
 * its id and the URL, in which our hook key was (the log has its hash). One that is still wanted gets its id; one that another has replaced is
 * deleted at MaintainX, so that nothing comes twice for ever.
 */
export async function adoptOrphans(options: OrphanOptions): Promise<void> {
  const { ports, tenantId, connectionId, lookedTo } = options;
  const since = ports.clock.now() - TOLD_WITHIN_MS;
  const states = await options.underLease((tx) => unconfirmedSince(tx, connectionId, since));
  if (states.size === 0) return;
  const last = await ports.store.transact(tenantId, (tx) => tx.log.lastSeq());
  for (let after = lookedTo.get(connectionId) ?? Math.max(0, last - FIRST_LOOK); after < last;) {
    const from = after;
    const events = await ports.store.transact(tenantId, (tx) => tx.log.read(from, PAGE, { family: 'fact' }));
    for (const event of events) await adoptToldBy(options, states, event);
    after = events.length < PAGE ? last : (events.at(-1)?.seq ?? last);
  }
  lookedTo.set(connectionId, last);
}

async function adoptToldBy(
  options: OrphanOptions,
  states: ReadonlyMap<string, 'creating' | 'lost'>,
  { type, data }: StoredEvent,
): Promise<void> {
  if (type !== HOOK_EVENTS.WEBHOOK_CREATED.fact) return;
  const { ports, database, tenantId, publicUrl, client } = options;
  const { webhookId, url } = objectOf(parseStored(data));
  const ours = `${publicUrl}/hooks/`;
  const isTold = typeof webhookId === 'number' || typeof webhookId === 'string';
  if (!isTold || typeof url !== 'string' || !url.startsWith(ours)) return;
  const keyHash = hookKeyHashIn(url);
  if (keyHash === undefined) return;
  const owner = await ownerOfHookKeyHash(database.directory, keyHash);
  const state = owner?.tenantId === tenantId ? states.get(owner.subscriptionId) : undefined;
  if (owner === undefined || state === undefined) return;
  if (state === 'lost') await client.unsubscribe(String(webhookId)).catch(ignoreAbsence);
  await options.underLease((tx) => noteRemoteId(tx, owner.subscriptionId, String(webhookId)));
  const what = state === 'lost' ? 'was replaced, and is deleted' : 'is adopted';
  ports.log(`a webhook subscription whose creation was never answered ${what}`, { webhookId });
}

function ignoreAbsence(error: unknown): void {
  if (!isCoded(error, 'maintainx-not-found')) throw error;
}
