import { doubtChecks, PLAIN_RUN } from '../inbound/index.ts';
import { setRestoredAt } from '../postgres/index.ts';
import type { Change } from './office.ts';
import { requestRun } from './sync.ts';

/** A tenant of a restored backup looks again at what it believes: its webhook subscriptions, and every record. */
export const lookAgain =
  (runId: string): Change<{ runId: string; state: 'requested' | 'running' | 'done' }> =>
  async (tx) => {
    await doubtChecks(tx.whole);
    tx.inbound.leases.wake('guard', tx.now);
    return requestRun(runId, 'sweep', PLAIN_RUN)(tx);
  };

/** The installation is, or is no longer, a restored backup from which nothing may be written to MaintainX. */
export const markRestored =
  (isRestored: boolean): Change<{ restored: boolean }> =>
  async ({ whole, now }) => {
    await setRestoredAt(whole, isRestored ? now : null);
    const answer = { restored: isRestored };
    return { target: 'installation', before: null, after: answer, answer };
  };
