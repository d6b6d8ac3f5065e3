import type { Clock } from '../../src/base/clock.ts';

interface Sleeper {
  readonly at: number;
  /** Who went to sleep first wakes first at one time. */
  readonly order: number;
  wake: (() => void) | undefined;
}

/**
 * Time that stands still while anything can go on, and then jumps to the next sleeper. Whatever is waited for outside of
 * it, a database say, is told by `outside`: time stands still for that too.
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  /** A heap: the earliest is the first. */
  readonly #sleepers: Sleeper[] = [];
  #outside = 0;
  #back: (() => void) | undefined;

  constructor(start: number) {
    this.#now = start;
  }

  readonly now = (): number => this.#now;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const abort = (): void => sleeper.wake?.();
      const sleeper: Sleeper = {
        at: this.#now + Math.max(0, ms),
        order: ++this.#order,
        wake: () => {
          sleeper.wake = undefined;
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#push(sleeper);
    });

  /** Time does not pass until `work` has ended. */
  async outside<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#outside++;
    try {
      return await work();
    } finally {
      this.#outside--;
      this.#back?.();
    }
  }

  /** Lets time pass until the work has ended. Fails when everybody waits and nobody sleeps. */
  async passUntil<Result>(work: Promise<Result>): Promise<Result> {
    let ended = false;
    const watched = work.finally(() => (ended = true));
    watched.catch(() => undefined);
    for (;;) {
      await settled();
      if (ended) return watched;
      if (this.#outside > 0) await this.#untilBack();
      else this.#wakeNext();
    }
  }

  #untilBack(): Promise<void> {
    return new Promise((resolve) => (this.#back = resolve));
  }

  #wakeNext(): void {
    let next = this.#pop();
    while (next !== undefined && next.wake === undefined) next = this.#pop();
    if (next?.wake === undefined) throw new Error('everybody waits, and nobody sleeps: this would last for ever');
    this.#now = Math.max(this.#now, next.at);
    next.wake();
  }

  #push(sleeper: Sleeper): void {
    const heap = this.#sleepers;
    let place = heap.push(sleeper) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(sleeper, parent)) break;
      heap[place] = parent;
      heap[above] = sleeper;
      place = above;
    }
  }

  #pop(): Sleeper | undefined {
    const heap = this.#sleepers;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const least = isRight ? right : left;
      if (least === undefined || !isBefore(least, last)) break;
      heap[place] = least;
      place = isRight ? 2 * place + 2 : 2 * place + 1;
    }
    heap[place] = last;
    return first;
  }
}

const isBefore = (left: Sleeper, right: Sleeper): boolean =>
  left.at < right.at || (left.at === right.at && left.order < right.order);

/** When everything that can go on without time passing has done so. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
