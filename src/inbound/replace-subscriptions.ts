import { isCoded } from '../base/coded-error.ts';
import type { Lease } from '../jobs/index.ts';
import type { MaintainxClient } from '../maintainx/index.ts';
import type { TenantTransaction } from '../postgres/index.ts';
import { newId, type EnginePorts } from './engine.ts';
import { transactUnder } from './port.ts';
import { PLAIN_RUN } from './run.ts';
import { listedIn } from './settings.ts';
import { forgetSilentKeys, setSubscriptionState, subscriptionsOf } from './subscriptions.ts';

/** How long the key of a subscription that ended still takes webhooks in after the last one. */
const SILENT_MS = 3 * 24 * 3_600_000;

interface Replacing {
  readonly ports: Pick<EnginePorts, 'clock'>;
  readonly connectionId: string;
  readonly client: MaintainxClient;
  readonly underLease: <Result>(work: (tx: TenantTransaction) => Promise<Result>) => Promise<Result>;
}

/**
 * Deletes at MaintainX the retiring subscriptions in whose place another one delivers. In between each webhook comes by both:
 * a fact is known by its body, so it is kept once. What is still under way to the old address is taken in until it is silent.
 */
export async function retireReplaced({ ports, connectionId, client, underLease }: Replacing): Promise<void> {
  const known = await underLease((tx) => subscriptionsOf(tx, connectionId));
  const delivers = new Set(known.filter(({ state }) => state === 'active').map(({ eventType }) => eventType));
  for (const { subscriptionId, remoteId, state, eventType } of known) {
    if (state !== 'retiring' || !delivers.has(eventType)) continue;
    if (remoteId !== null)
      await client.unsubscribe(remoteId).catch((error: unknown) => {
        if (!isCoded(error, 'maintainx-not-found')) throw error;
      });
    await underLease((tx) => setSubscriptionState(tx, subscriptionId, 'retired', ports.clock.now()));
  }
  await underLease((tx) => forgetSilentKeys(tx, ports.clock.now() - SILENT_MS));
}

/** Sweeps everything once when a subscription delivers again after a time without; a sweep that began earlier may have passed by. */
export async function catchUp(ports: EnginePorts, lease: Lease): Promise<void> {
  const { tenantId, organizationId } = lease;
  const isRequested = await transactUnder(ports.store, lease, async (tx) => {
    if ((await tx.runs.unfinished(organizationId, 'sweep')) !== undefined) return false;
    if (!(await tx.deliveries.takeGap(organizationId))) return false;
    const run = { organizationId, what: 'sweep', options: PLAIN_RUN, requestedAt: ports.clock.now() } as const;
    await tx.runs.request({ ...run, runId: newId(ports) }, listedIn(await tx.settings.read()));
    tx.leases.wake('pull', ports.clock.now());
    return true;
  });
  if (isRequested) ports.log('webhooks come again after a gap: everything is swept once', { tenantId, organizationId });
}
