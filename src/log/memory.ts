import type { Undo } from '../base/undo.ts';
import type { StoredEvent } from './event.ts';
import { factKeyText, withoutTwins, type LogStatements } from './statements.ts';

/** One tenant's log in memory. */
export interface MemoryLog {
  readonly events: StoredEvent[];
  readonly facts: Map<string, string>;
  readonly checkpoints: Map<string, number>;
}

export const emptyMemoryLog = (): MemoryLog => ({ events: [], facts: new Map(), checkpoints: new Map() });

export function memoryLog(log: MemoryLog, undo: Undo): LogStatements {
  return {
    append: (events) => {
      const fresh = withoutTwins(events).filter(
        (event) => event.factKey === null || !log.facts.has(factKeyText(event.factKey)),
      );
      const stored = fresh.map((event, index) => ({ ...event, seq: log.events.length + index + 1 }));
      for (const event of stored) {
        log.events.push(event);
        undo.push(() => void log.events.pop());
        if (event.factKey !== null) undo.set(log.facts, factKeyText(event.factKey), event.eventId);
      }
      return Promise.resolve(stored);
    },
    read: (after, limit, filter = {}) =>
      Promise.resolve(
        log.events
          .slice(after)
          .filter((event) => filter.stream === undefined || event.stream === filter.stream)
          .filter((event) => filter.family === undefined || event.family === filter.family)
          .slice(0, limit),
      ),
    untold: (organizationId, types, since, tail) => {
      const last = log.events.slice(-tail).filter(({ stream }) => stream.split('/')[1] === organizationId);
      const lastFact = last.findLast(({ family }) => family === 'fact')?.seq ?? null;
      const isUntold = ({ seq, type, family, recordedAt }: StoredEvent): boolean =>
        family === 'state' && seq > (lastFact ?? 0) && recordedAt >= since && types.includes(type);
      return Promise.resolve({ lastFact, untold: lastFact === null ? 0 : last.filter(isUntold).length });
    },
    lastSeq: () => Promise.resolve(log.events.length),
    factsByKey: (keys) =>
      Promise.resolve(
        new Map(
          keys.map(factKeyText).flatMap((key) => {
            const eventId = log.facts.get(key);
            return eventId === undefined ? [] : [[key, eventId]];
          }),
        ),
      ),
    checkpoint: (consumer) => Promise.resolve(log.checkpoints.get(consumer) ?? 0),
    saveCheckpoint: (consumer, seq) => {
      undo.set(log.checkpoints, consumer, seq);
      return Promise.resolve();
    },
  };
}
