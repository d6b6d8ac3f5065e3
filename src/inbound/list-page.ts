import type { Lease } from '../jobs/index.ts';
import type { JsonObject } from '../base/json.ts';
import { detailFields, kindEntry, listTellsTime, type Kind, type ListedKind, type Page } from '../maintainx/index.ts';
import { idOf, isRecordId, observe, timeOf, type Observation, type Outcome, type ReadTime } from '../records/index.ts';
import { newId, type EnginePorts, type Site } from './engine.ts';
import { transactUnder, type InboundTransaction } from './port.ts';
import { nestedWishes } from './nested.ts';
import { nestedIn, type PullSettings } from './settings.ts';
import type { ReadReason, Wish } from './statements.ts';
import { filesOf } from './store-files.ts';

export interface ListedPage {
  readonly kind: ListedKind;
  readonly page: Page<JsonObject>;
  readonly read: ReadTime;
  readonly settings: PullSettings;
  /** Whether what hangs on the rows is read again in any case. */
  readonly readsNested: boolean;
  /** Facts that explain what the rows tell, by record id. */
  readonly explainedBy?: ReadonlyMap<string, readonly string[]>;
}

/** Why to read a record again after its row was observed, and when; null: its row is enough. */
export type WishRule = (outcome: Outcome) => ReadReason | Pick<Wish, 'reason' | 'notBefore'> | null;

/** What a page told: each row's id, its time and what became of it, in the order of the page. */
export interface Told {
  readonly ids: readonly string[];
  readonly times: readonly (number | null)[];
  readonly outcomes: readonly Outcome[];
}

/**
 * Stores what a page of a list tells, in one transaction with `also` (the place from which to go on), and after that
 * wishes for single reads where a row is not enough.
 */
export async function commitPage(
  ports: EnginePorts,
  site: Site,
  lease: Lease,
  listed: ListedPage,
  wishRule: WishRule,
  also: (tx: InboundTransaction, told: Told) => Promise<void>,
): Promise<Told> {
  const ticket = await ports.store.nextTicket();
  const observations = observationsIn(ports, site, listed);
  const ids = observations.map((one) => one.key.recordId);
  const times = observations.map((one) => timeOf(one.raw?.['updatedAt']));
  const told = await transactUnder(ports.store, lease, async (tx) => {
    const now = ports.clock.now();
    const { outcomes, events } = await observe(tx.records, observations, { now, newId: () => newId(ports) });
    await also(tx, { ids, times, outcomes });
    const wishes = [
      ...outcomes.flatMap((outcome) => wishOf(outcome, wishRule)),
      ...(await nestedWishes(tx.records, nestedIn(listed.settings), outcomes, {
        isDue: () => listed.readsNested,
        insists: () => listed.readsNested,
      })),
    ];
    if (wishes.length > 0) tx.leases.wake('hydrate', now);
    await tx.hydrations.want(wishes, ticket, now);
    if (listed.settings.files === 'all') await tx.files.note(filesOf(outcomes), now);
    await tx.log.append(events);
    return { ids, times, outcomes };
  });
  for (const { why } of told.outcomes) ports.noticed(why);
  return told;
}

function observationsIn(
  ports: EnginePorts,
  site: Site,
  { kind, page, read, explainedBy }: ListedPage,
): readonly Observation[] {
  const usable = page.rows.filter((row) => isRecordId(row['id']));
  const unusable = page.rows.length - usable.length;
  if (unusable > 0) {
    ports.noticed('row-without-id');
    ports.log('rows without a usable id were left out', { kind, rows: unusable });
  }
  return usable.map((raw) => ({
    key: { organizationId: site.organizationId, kind, recordId: idOf(raw) },
    source: 'list',
    read,
    raw,
    explainedBy: explainedBy?.get(idOf(raw)) ?? [],
  }));
}

function wishOf(outcome: Outcome, wishRule: WishRule): readonly Wish[] {
  const wished = wishRule(outcome);
  if (wished === null) return [];
  const { key } = outcome;
  return [{ key, explainedBy: [], ...(typeof wished === 'string' ? { reason: wished } : wished) }];
}

/** Whether a list row of this kind tells neither all fields nor when they changed: only reading again finds out. */
export const isUntimedStub = (kind: Kind): boolean => isStub(kind) && !listTellsTime(kindEntry(kind));

export const isStub = (kind: Kind): boolean => detailFields(kindEntry(kind)).length > 0;
