import { isoTime } from '../base/clock.ts';
import type { Json } from '../base/json.ts';
import { doubtChecks, PLAIN_RUN } from '../inbound/index.ts';
import { restoredAt, setRestoredAt, type Database } from '../postgres/index.ts';
import { listTenants, organizationIdsOf } from '../tenants/index.ts';
import { INSTALLATION, type Change } from './office.ts';
import { requestRun } from './sync.ts';

interface RestoredJson {
  readonly [name: string]: Json;
  /** Null: it is no restored backup, or was released. */
  readonly restoredAt: string | null;
}

/** The installation is a restored backup, or no longer, from which nothing may be written to MaintainX. */
export const markRestored =
  (isRestored: boolean): Change<RestoredJson> =>
  async ({ whole, now }) => {
    const before = asJson(await restoredAt(whole));
    await setRestoredAt(whole, isRestored ? now : null);
    const answer = asJson(isRestored ? now : null);
    return { target: 'installation', before, after: answer, answer };
  };

const asJson = (at: number | null): RestoredJson => ({ restoredAt: at === null ? null : isoTime(at) });

/** Lets a restored backup write again. Cut off in the middle it is still held, and done again it goes on. */
export async function releaseRestored(
  database: Database,
  newId: () => string,
  change: <Answer extends Json>(tenantId: string, work: Change<Answer>) => Promise<Answer>,
): Promise<RestoredJson> {
  for (const { tenantId, state } of await listTenants(database))
    if (state !== 'erasing') await change(tenantId, lookAgain(newId));
  return change(INSTALLATION, markRestored(false));
}

/** A tenant of a restored backup looks again at what it believes: its webhook subscriptions, and every record. */
const lookAgain =
  (newId: () => string): Change<Json> =>
  async (tx) => {
    await doubtChecks(tx.whole);
    tx.inbound.leases.wake('guard', tx.now);
    const swept = [];
    for (const organizationId of await organizationIdsOf(tx.whole))
      swept.push((await requestRun(newId(), organizationId, 'sweep', PLAIN_RUN)(tx)).answer);
    return { target: 'sweep', before: null, after: swept, answer: swept };
  };
