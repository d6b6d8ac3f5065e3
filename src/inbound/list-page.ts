import type { Lease } from '../jobs/index.ts';
import { detailFields, kindEntry, listTellsTime, type Kind, type Page, type Received } from '../maintainx/index.ts';
import { isRecordId, observe, type Observation, type Outcome, type ReadTime } from '../records/index.ts';
import { newId, type EnginePorts, type Site } from './engine.ts';
import { transactUnder, type InboundTransaction } from './port.ts';
import type { Wish } from './statements.ts';

export interface ListedPage {
  readonly kind: Kind;
  readonly page: Page<Received<{ readonly id: number }>>;
  readonly read: ReadTime;
}

/** Which records of a page to read again although their rows tell no change. */
export type RereadRule = (outcome: Outcome) => boolean;

export const noReread: RereadRule = () => false;

/**
 * Stores what a page of a list tells, in one transaction with `also` (the place from which to go on), and wishes for
 * single reads where a row is not enough. Returns the ids on the page.
 */
export async function commitPage(
  ports: EnginePorts,
  site: Site,
  lease: Lease,
  listed: ListedPage,
  reread: RereadRule,
  also: (tx: InboundTransaction) => Promise<void>,
): Promise<readonly string[]> {
  const ticket = await ports.store.nextTicket();
  const usable = listed.page.rows.filter((row) => isRecordId(row.id));
  const unusable = listed.page.rows.length - usable.length;
  if (unusable > 0) ports.log('rows without a usable id were left out', { kind: listed.kind, rows: unusable });
  const observations = usable.map((row) => observationOf(site, listed, row));
  await transactUnder(ports.store, lease, async (tx) => {
    const now = ports.clock.now();
    tx.leases.wake('hydrate', now);
    const { outcomes, events } = await observe(tx.records, observations, { now, newId: () => newId(ports) });
    await tx.hydrations.want(
      outcomes.flatMap((outcome) => wishOf(outcome, reread)),
      ticket,
      now,
    );
    await also(tx);
    await tx.log.append(events);
  });
  return observations.map((one) => one.key.recordId);
}

function observationOf(site: Site, { kind, read }: ListedPage, row: Received<{ readonly id: number }>): Observation {
  const key = { organizationId: site.organizationId, kind, recordId: String(row.id) };
  return { key, source: 'list', read, raw: row, explainedBy: [] };
}

function wishOf(outcome: Outcome, reread: RereadRule): readonly Wish[] {
  const reason = outcome.wants ?? (reread(outcome) ? 'reread' : null);
  return reason === null ? [] : [{ key: outcome.key, reason, explainedBy: [] }];
}

/** Whether a list row of this kind tells neither all fields nor when they changed: only reading again finds out. */
export const isUntimedStub = (kind: Kind): boolean => isStub(kind) && !listTellsTime(kindEntry(kind));

export const isStub = (kind: Kind): boolean => detailFields(kindEntry(kind)).length > 0;
