import { raise } from '../errors.ts';
import type { InboundStore } from '../inbound/index.ts';
import { recordStream, type StoredEvent } from '../log/index.ts';
import { timeInStatus, type HeldRecord, type RecordKey, type StatusSpan } from '../records/index.ts';
import { momentsOf, type Moment } from './moments.ts';

/** What became known of a record, and how. */
export interface Explanation {
  /** undefined: there is no copy, only what webhooks said. */
  readonly held: HeldRecord | undefined;
  readonly statuses: readonly StatusSpan[];
  readonly moments: readonly Moment[];
}

const PAGE = 1_000;

/** Refused with `not-found` when nothing was ever seen of the record. */
export async function explainRecord(store: InboundStore, tenantId: string, key: RecordKey): Promise<Explanation> {
  const held = await store.transact(tenantId, async (tx) => [...(await tx.records.lock([key])).values()][0]);
  const events = await eventsOf(store, tenantId, key);
  if (held === undefined && events.length === 0)
    throw raise('not-found', `nothing was ever seen of ${key.kind}/${key.recordId}; see: millwright coverage`);
  return { held, statuses: timeInStatus(events), moments: momentsOf(events) };
}

async function eventsOf(store: InboundStore, tenantId: string, key: RecordKey): Promise<readonly StoredEvent[]> {
  const stream = recordStream(key.kind, key.organizationId, key.recordId);
  const all: StoredEvent[] = [];
  for (;;) {
    const after = all.at(-1)?.seq ?? 0;
    const page = await store.transact(tenantId, (tx) => tx.log.read(after, PAGE, { stream }));
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}
