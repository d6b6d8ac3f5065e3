import type { BackfillPlan } from '../inbound/index.ts';
import type { Installation } from '../server.ts';
import { survey } from './sync-backfill.ts';
import { requestBackfill } from './sync-run.ts';

/** What copying a new organisation costs; then the copy is asked for. Null: somebody stopped it before that was known. */
export async function costOf(
  installation: Installation,
  tenantId: string,
  organizationId: string,
): Promise<BackfillPlan | null> {
  const { plan } = await survey(installation, { tenantId }, organizationId, { json: false, silent: true });
  await requestBackfill(installation, tenantId, organizationId);
  return plan;
}
