import { objectOf, parseStored } from '../base/json.ts';
import type { StoredEvent } from '../log/index.ts';

/** One moment in what we know of a record. Times are epoch milliseconds. */
export interface Moment {
  readonly seq: number;
  /** A webhook or command said so · a read showed it. */
  readonly path: 'fact' | 'read';
  readonly type: string;
  /** When it happened, as far as MaintainX said. */
  readonly occurredAt: number;
  /** When it was written down here. */
  readonly recordedAt: number;
  readonly actor: string | null;
  /** Fields that a read showed changed; at first sight all that it carried. */
  readonly fields: readonly string[];
  /** Why it was read: facts that told of it before. Empty: nothing told, a list or a regular read found it. */
  readonly toldBy: readonly Told[];
  /** Facts only: changes that it explains, shown by a read after it, or before it when it came late. */
  readonly explains: readonly number[];
  /** Facts only: it came after the read that had shown its change. */
  readonly isLate: boolean;
}

export interface Told {
  readonly seq: number;
  readonly type: string;
}

/** What became known of one record, by which path, when and why. `events` are those of its stream, in order. Pure. */
export function momentsOf(events: readonly StoredEvent[]): readonly Moment[] {
  const byId = new Map(events.map((event) => [event.eventId, event]));
  const explained = new Map<string, number[]>();
  for (const event of events)
    for (const id of event.explainedBy) explained.set(id, [...(explained.get(id) ?? []), event.seq]);
  return events.map((event) => {
    const known = explained.get(event.eventId) ?? [];
    const late = event.family === 'fact' && known.length === 0 ? shownBefore(event, events) : [];
    return momentOf(event, byId, [...known, ...late], late.length > 0);
  });
}

/** MaintainX writes a record, and a moment later that a webhook is to tell of it. */
const SLACK_MS = 1_000;

/** The first change that a read had shown, that nothing explained, and that is not older than what the late fact tells. */
function shownBefore(fact: StoredEvent, events: readonly StoredEvent[]): readonly number[] {
  const shown = events.find(
    ({ family, seq, explainedBy, occurredAt }) =>
      family === 'state' && seq < fact.seq && explainedBy.length === 0 && occurredAt >= fact.occurredAt - SLACK_MS,
  );
  return shown === undefined ? [] : [shown.seq];
}

function momentOf(
  event: StoredEvent,
  byId: ReadonlyMap<string, StoredEvent>,
  explains: readonly number[],
  isLate: boolean,
): Moment {
  return {
    seq: event.seq,
    path: event.family === 'fact' ? 'fact' : 'read',
    type: event.type,
    occurredAt: event.occurredAt,
    recordedAt: event.recordedAt,
    actor: event.actor,
    fields: event.family === 'fact' ? [] : fieldsIn(event),
    toldBy: event.explainedBy.map((id) => toldBy(byId.get(id))),
    explains,
    isLate,
  };
}

/** A fact about another record may have been the reason too: a transfer of parts names two. */
const toldBy = (fact: StoredEvent | undefined): Told =>
  fact === undefined ? { seq: 0, type: 'a fact about another record' } : { seq: fact.seq, type: fact.type };

function fieldsIn({ data }: StoredEvent): readonly string[] {
  const told = objectOf(parseStored(data));
  return Object.keys(objectOf(told['changes'] ?? told['record']));
}
