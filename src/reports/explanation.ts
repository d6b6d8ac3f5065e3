import { raise } from '../errors.ts';
import type { InboundStore } from '../inbound/index.ts';
import { readStream, recordStream } from '../log/index.ts';
import { timeInStatus, type HeldRecord, type RecordKey, type StatusSpan } from '../records/index.ts';
import { momentsOf, type Moment } from './moments.ts';

/** What became known of a record, and how. */
export interface Explanation {
  /** undefined: there is no copy, only what webhooks said. */
  readonly held: HeldRecord | undefined;
  readonly statuses: readonly StatusSpan[];
  readonly moments: readonly Moment[];
}

/** Refused with `not-found` when nothing was ever seen of the record. */
export async function explainRecord(store: InboundStore, tenantId: string, key: RecordKey): Promise<Explanation> {
  const { held, events } = await store.transact(tenantId, async (tx) => ({
    held: [...(await tx.records.lock([key])).values()][0],
    events: await readStream(tx.log, recordStream(key.kind, key.organizationId, key.recordId)),
  }));
  if (held === undefined && events.length === 0)
    throw raise('not-found', `nothing was ever seen of ${key.kind}/${key.recordId}; see: millwright coverage`);
  return { held, statuses: timeInStatus(events), moments: momentsOf(events) };
}
