import type { NewEvent, StoredEvent } from './event.ts';

export interface ReadFilter {
  /** Only events of this stream. */
  readonly stream?: string;
  readonly family?: StoredEvent['family'];
}

/** How much happened since the last fact. */
export interface Untold {
  readonly lastFact: number | null;
  readonly untold: number;
}

/** What the engine asks of the log inside one tenant's transaction. */
export interface LogStatements {
  /**
   * Appends in the given order with the tenant's next numbers, gapless. Facts whose key the log has are left out.
   * Takes the tenant's log lock until the transaction ends: call it last.
   */
  append(events: readonly NewEvent[]): Promise<readonly StoredEvent[]>;
  /** Events with `seq > after`, at most `limit`, in order. */
  read(after: number, limit: number, filter?: ReadFilter): Promise<readonly StoredEvent[]>;
  /**
   * Of the last `tail` events, as far as they are about one organisation: the number of the last fact, and how many state events of these types, recorded at or after
   * `since` (epoch milliseconds), came after it. Null: there is no fact among them.
   */
  untold(organizationId: string, types: readonly string[], since: number, tail: number): Promise<Untold>;
  /** Number of the last event; 0 for an empty log. */
  lastSeq(): Promise<number>;
  /** Ids of facts by their keys, of those that the log has. */
  factsByKey(keys: readonly Buffer[]): Promise<ReadonlyMap<string, string>>;
  /** Where a consumer stands; 0 before its first event. */
  checkpoint(consumer: string): Promise<number>;
  saveCheckpoint(consumer: string, seq: number): Promise<void>;
}

/** A fact key as the text under which `factsByKey` answers. */
export const factKeyText = (key: Uint8Array): string => Buffer.from(key).toString('hex');

/** Leaves out the second of two facts with one key in a batch. */
export function withoutTwins(events: readonly NewEvent[]): readonly NewEvent[] {
  const seen = new Set<string>();
  return events.filter((event) => {
    if (event.factKey === null) return true;
    const key = factKeyText(event.factKey);
    return seen.has(key) ? false : seen.add(key);
  });
}
