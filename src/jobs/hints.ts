import type { WorkLane } from './lease.ts';

/** Tells waiting lanes of this process that there may be work. Losing a hint costs a delay, never work. */
export interface Hints {
  /** Wakes one that waits; when nobody does, the next that would. Whoever finds work gives the hint on. */
  readonly give: (lane: WorkLane) => void;
  /** Resolves at the next hint for the lane, or when `signal` aborts. */
  readonly next: (lane: WorkLane, signal: AbortSignal) => Promise<void>;
}

export function createHints(): Hints {
  const waiting = new Map<WorkLane, Set<() => void>>();
  const kept = new Set<WorkLane>();
  const waitersOf = (lane: WorkLane): Set<() => void> => {
    const known = waiting.get(lane) ?? new Set();
    waiting.set(lane, known);
    return known;
  };
  return {
    give: (lane) => {
      const [wake] = waitersOf(lane);
      if (wake === undefined) kept.add(lane);
      else wake();
    },
    next: (lane, signal) =>
      new Promise((resolve) => {
        if (kept.delete(lane)) return resolve();
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
