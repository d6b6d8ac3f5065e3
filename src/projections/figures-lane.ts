import type { Clock } from '../base/clock.ts';
import { fenceLease, type LaneWork } from '../jobs/index.ts';
import type { Database } from '../postgres/index.ts';
import { keepOutlook, outlookAt, refreshFigures } from './figures.ts';
import type { Outlook } from './outlook.ts';

/** What waits grows old without a word in the log: so it is looked at now and then. */
const LOOK_EVERY_MS = 5 * 60_000;
/** What takes longer to find out. */
const OUTLOOK_EVERY_MS = 3_600_000;

export interface FiguresOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly outlookOf: (tenantId: string, now: number) => Promise<Outlook>;
  /** Whose quota a tenant uses; null: nobody's. */
  readonly principalOf: (tenantId: string) => Promise<string | null>;
}

/** Keeps one tenant's figures up with its log. Whoever appends wakes it. */
export function figuresWork({ database, clock, outlookOf, principalOf }: FiguresOptions): LaneWork {
  return async (lease) => {
    const { tenantId } = lease;
    const before = await database.withTenant(tenantId, async (tx) => {
      await fenceLease(tx, lease);
      await refreshFigures(tx, clock.now());
      return outlookAt(tx);
    });
    const now = clock.now();
    if (before === null || before < now - OUTLOOK_EVERY_MS) {
      const outlook = await outlookOf(tenantId, now);
      const principal = await principalOf(tenantId);
      await database.withTenant(tenantId, (tx) => keepOutlook(tx, outlook, principal));
    }
    return clock.now() + LOOK_EVERY_MS;
  };
}
