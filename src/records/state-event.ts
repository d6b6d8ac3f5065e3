import { canonicalJson } from '../base/canonical-json.ts';
import { objectOf, parseStored, type Json, type JsonObject } from '../base/json.ts';
import { recordStream, type NewEvent, type StoredEvent } from '../log/index.ts';
import type { Changes } from './judge.ts';
import type { HeldRecord } from './record.ts';

/** What a state event says happened to a record. */
export type StateChange = 'appeared' | 'changed' | 'vanished' | 'returned';

export interface StateEventContext {
  readonly eventId: string;
  readonly now: number;
  readonly occurredAt: number;
  readonly explainedBy: readonly string[];
}

/** The event of a change; at first sight it carries the whole record, later only what changed, before and after. */
export function stateEvent(
  change: StateChange,
  after: HeldRecord,
  changes: Changes,
  context: StateEventContext,
): NewEvent {
  const { organizationId, kind, recordId } = after.key;
  const data = change === 'appeared' ? { record: after.state } : { changes: changes as JsonObject };
  return {
    eventId: context.eventId,
    stream: recordStream(kind, organizationId, recordId),
    family: 'state',
    type: `${kind}.${change}`,
    version: after.version,
    occurredAt: context.occurredAt,
    recordedAt: context.now,
    data: canonicalJson(data),
    explainedBy: context.explainedBy,
    actor: null,
    factKey: null,
  };
}

/** A record as its state events tell it. */
export interface Folded {
  readonly version: number;
  readonly state: JsonObject;
  readonly deleted: boolean;
}

/** The record after one more of its state events. Facts change nothing. */
export function evolve(
  before: Folded | undefined,
  event: Pick<StoredEvent, 'family' | 'type' | 'data'>,
): Folded | undefined {
  if (event.family !== 'state') return before;
  const data = objectOf(parseStored(event.data));
  const state: Record<string, Json> = { ...before?.state, ...objectOf(data['record']) };
  for (const [field, change] of Object.entries(objectOf(data['changes'])))
    state[field] = objectOf(change)['after'] ?? null;
  return {
    version: (before?.version ?? 0) + 1,
    state,
    deleted: event.type.endsWith('.vanished') || (before?.deleted === true && !event.type.endsWith('.returned')),
  };
}

/** The record that its state events, in order, tell. */
export function fold(events: Iterable<Pick<StoredEvent, 'family' | 'type' | 'data'>>): Folded | undefined {
  let folded: Folded | undefined;
  for (const event of events) folded = evolve(folded, event);
  return folded;
}
