import { objectOf, parseStored, type Json } from '../base/json.ts';
import type { StoredEvent } from '../log/index.ts';

/** A time in which a record had one status. Epoch milliseconds. */
export interface StatusSpan {
  readonly status: string;
  readonly from: number;
  /** null: it still has it. */
  readonly until: number | null;
  /** Who told when it began: a webhook, to the moment, or a read, which shows when the record was changed last. */
  readonly toldBy: 'fact' | 'read';
}

type StatusChange = Pick<StatusSpan, 'status' | 'toldBy'> & { readonly at: number };
type Told = Pick<StoredEvent, 'family' | 'type' | 'occurredAt' | 'data'>;

/**
 * The statuses that a record had, in order, from the events of its stream in any order: what webhooks told comes first, since
 * they tell every change and its time, and reads fill in what never came. Pure.
 */
export function timeInStatus(events: readonly Told[]): readonly StatusSpan[] {
  const changes = events
    .flatMap((event) => changeIn(event))
    .toSorted((left, right) => left.at - right.at || Number(left.toldBy === 'read') - Number(right.toldBy === 'read'));
  const distinct = changes.filter((change, index) => change.status !== changes[index - 1]?.status);
  const vanishedAt = events.findLast(({ type }) => type.endsWith('.vanished'))?.occurredAt ?? null;
  return distinct.map(({ status, at, toldBy }, index) => ({
    status,
    from: at,
    until: distinct[index + 1]?.at ?? vanishedAt,
    toldBy,
  }));
}

function changeIn({ family, type, occurredAt, data }: Told): readonly StatusChange[] {
  const told = objectOf(parseStored(data));
  const status =
    family === 'fact' ? (type.endsWith('.status-changed') ? statusTold(told) : undefined) : statusSeen(told);
  return typeof status === 'string' ? [{ status, at: occurredAt, toldBy: family === 'fact' ? 'fact' : 'read' }] : [];
}

/** A webhook tells DONE with the sub-status CANCELED of what a read shows as CANCELED (FACTS 1.3). */
const statusTold = (body: Readonly<Record<string, Json>>): Json | undefined =>
  body['newSubStatus'] ?? body['newStatus'];

const statusSeen = (told: Readonly<Record<string, Json>>): Json | undefined =>
  objectOf(told['record'])['status'] ?? objectOf(objectOf(told['changes'])['status'])['after'];
