import type { WorkLane } from './lease.ts';

/** Tells waiting lanes of this process that there may be work. Losing a hint costs a delay, never work. */
export interface Hints {
  readonly give: (lane: WorkLane) => void;
  /** Resolves at the next hint for the lane, or when `signal` aborts. */
  readonly next: (lane: WorkLane, signal: AbortSignal) => Promise<void>;
}

export function createHints(): Hints {
  const waiting = new Map<WorkLane, Set<() => void>>();
  const waitersOf = (lane: WorkLane): Set<() => void> => {
    const known = waiting.get(lane) ?? new Set();
    waiting.set(lane, known);
    return known;
  };
  return {
    give: (lane) => {
      for (const wake of waitersOf(lane)) wake();
    },
    next: (lane, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          waitersOf(lane).delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        waitersOf(lane).add(wake);
        signal.addEventListener('abort', wake, { once: true });
      }),
  };
}
