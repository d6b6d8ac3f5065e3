import { HOOK_EVENTS, isHookEvent, kindEntry } from '../maintainx/index.ts';
import { newId, type EnginePorts } from './engine.ts';
import { transactUnder } from './port.ts';
import { PLAIN_RUN } from './run.ts';
import { listedIn } from './settings.ts';
import type { Turn } from './advance.ts';

/** Records that came to be after the last webhook, without one of their own: so many are no chance any more. */
const UNTOLD = 5;
/** How far back in the log webhooks have to lie for their silence to mean something. */
const TAIL = 1_000;

/** State events whose records webhooks tell of, when webhooks come. */
const TOLD_TYPES: readonly string[] = Object.keys(HOOK_EVENTS)
  .filter(isHookEvent)
  .map((name) => HOOK_EVENTS[name])
  .filter(
    ({ fact, records }) => fact.endsWith('.created') && records.every(({ kind }) => kindEntry(kind).changesByTime),
  )
  .map(({ fact }) => fact.replace(/\.created$/, '.appeared'));

export interface SilenceWatch {
  /** Looks after a poll whether webhooks fell silent. */
  look(turn: Turn): Promise<void>;
}

/**
 * Notices that webhooks came and come no more, while lists show records that came to be: then everything is swept once, the
 * subscriptions are looked at, and a person is told, once for each silence.
 */
export function createSilenceWatch(ports: EnginePorts): SilenceWatch {
  /** The last webhook before the silence that was told of, by connection. */
  const told = new Map<string, number>();
  return {
    look: async ({ site, lease, settings }) => {
      const { tenantId, organizationId, connectionId } = site;
      const { lastFact, untold } = await ports.store.transact(tenantId, async (tx) => {
        const copiedAt = await tx.runs.lastFinished(organizationId, 'backfill');
        const isCopying = copiedAt === null || (await tx.runs.unfinished(organizationId, 'backfill')) !== undefined;
        return isCopying ? NOTHING : tx.log.untold(organizationId, TOLD_TYPES, copiedAt, TAIL);
      });
      if (lastFact === null || untold < UNTOLD || told.get(connectionId) === lastFact) return;
      told.set(connectionId, lastFact);
      ports.noticed('hooks-silent');
      ports.alarm('webhooks came and come no more: everything is swept once, and the subscriptions are looked at', {
        tenantId,
        organizationId,
        recordsWithoutWebhook: untold,
      });
      await transactUnder(ports.store, lease, async (tx) => {
        const now = ports.clock.now();
        const run = { organizationId, what: 'sweep', options: PLAIN_RUN, requestedAt: now } as const;
        await tx.runs.request({ ...run, runId: newId(ports) }, listedIn(settings));
        await tx.deliveries.doubtSubscriptions('all');
        tx.leases.wake('guard', now);
      });
    },
  };
}

const NOTHING = { lastFact: null, untold: 0 } as const;
