/** Time as a dependency: engine code never reads the machine's clock by itself. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Resolves after `ms` milliseconds (24 days at most), or at once when `signal` aborts. Never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** A longer timer would fire at once; who sleeps that long looks at the clock again. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(ms, LONGEST_TIMER));
      signal?.addEventListener('abort', wake, { once: true });
    }),
};

/** Epoch milliseconds as ISO 8601, UTC. */
export const isoTime = (time: number): string => new Date(time).toISOString();
