import { systemClock } from '../base/clock.ts';
import type { BackfillPlan } from '../inbound/index.ts';
import type { Installation } from '../server.ts';
import { writeLine } from './output.ts';
import { showPlan, survey } from './sync-backfill.ts';
import { requestBackfill } from './sync-run.ts';

/** Longer nobody waits for it at a prompt: a small quota may be used up, or MaintainX away. */
const PATIENCE_MS = 120_000;

/** Finds out what copying a new organisation costs, then asks for the copy. Null: it could not be found out in time. */
export async function costOf(
  installation: Installation,
  tenantId: string,
  organizationId: string,
): Promise<BackfillPlan | null> {
  const how = { json: false, silent: true };
  const { plan } = await survey(installation, { tenantId }, organizationId, how, systemClock.now() + PATIENCE_MS);
  await requestBackfill(installation, tenantId, organizationId);
  return plan;
}

/** Says what a copy costs, as far as that is known, and how it goes on. `plan` undefined: nobody wanted to know. */
export async function tellCost(plan: BackfillPlan | null | undefined): Promise<void> {
  if (plan === null) await writeLine('what it costs could not be found out yet; `millwright sync status` will tell');
  if (plan !== null && plan !== undefined) await showPlan(plan, false);
  await writeLine('a running server backfills it now; `millwright sync status` shows how far it is');
}
