/**
 * `state` events come from accepted observations and alone change state; `fact` events say what a webhook or a command
 * says happened and never do.
 */
export type Family = 'state' | 'fact';

/** An event about to be appended. Times are epoch milliseconds. */
export interface NewEvent {
  /** UUIDv7. */
  readonly eventId: string;
  /** `<kind>/<organisation>/<record id>`, or `organisation/<organisation>`. */
  readonly stream: string;
  readonly family: Family;
  /** Canonical name, e.g. `work-order.status-changed`. */
  readonly type: string;
  /** Of state events: 1, 2, 3 … within the stream. */
  readonly version: number | null;
  readonly occurredAt: number;
  readonly recordedAt: number;
  /** JSON text. */
  readonly data: string;
  /** Ids of the facts that explain a state event. */
  readonly explainedBy: readonly string[];
  readonly actor: string | null;
  /** Facts: same key, same fact; appended once. */
  readonly factKey: Buffer | null;
}

/** An event in the log: its number is its place; commit order is number order. */
export interface StoredEvent extends NewEvent {
  readonly seq: number;
}

/** The stream of one record. */
export const recordStream = (kind: string, organizationId: string, recordId: string): string =>
  `${kind}/${organizationId}/${recordId}`;
