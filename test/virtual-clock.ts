import type { Clock } from '../src/base/clock.ts';

/** A clock that stands still until it is moved; sleepers wake in the order of their times. For tests. */
export class VirtualClock implements Clock {
  #now = Date.UTC(2026, 8, 16, 12);
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  readonly now = (): number => this.#now;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const sleeper = {
        at: this.#now + ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', sleeper.wake, { once: true });
    });

  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await settled();
      let next: { readonly at: number; readonly wake: () => void } | undefined;
      for (const sleeper of this.#sleepers) if (next === undefined || sleeper.at < next.at) next = sleeper;
      if (next === undefined || next.at > until) break;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = until;
    await settled();
  }
}

/** When everything that can go on without time passing has done so. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
