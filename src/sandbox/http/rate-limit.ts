import type { Clock } from '../../base/clock.ts';

/** Where one caller stands in his window. */
export interface Window {
  readonly limit: number;
  readonly used: number;
  readonly resetSeconds: number;
}

/** Fixed windows: the first request opens one, the whole allowance returns when it ends. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #windows = new Map<string, { start: number; used: number }>();

  constructor(clock: Clock, limit: number, windowMs: number) {
    this.#clock = clock;
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  get isUnlimited(): boolean {
    return this.#limit === 0;
  }

  /** Whether one more request fits; it is not counted yet. */
  hasRoom(key: string): boolean {
    return this.isUnlimited || this.#current(key).used < this.#limit;
  }

  count(key: string): void {
    this.#current(key).used++;
  }

  window(key: string): Window {
    const { start, used } = this.#current(key);
    const left = Math.max(0, start + this.#windowMs - this.#clock.now());
    return { limit: this.#limit, used, resetSeconds: Math.ceil(left / 1000) };
  }

  windows(): ReadonlyMap<string, Window> {
    return new Map([...this.#windows.keys()].map((key) => [key, this.window(key)]));
  }

  #current(key: string): { start: number; used: number } {
    const now = this.#clock.now();
    const found = this.#windows.get(key);
    if (found !== undefined && now < found.start + this.#windowMs) return found;
    const fresh = { start: now, used: 0 };
    this.#windows.set(key, fresh);
    return fresh;
  }
}
