import type { Clock } from '../../base/clock.ts';

/** Where one caller stands in his window. */
export interface Window {
  readonly limit: number;
  readonly used: number;
  readonly resetSeconds: number;
}

/** How long windows are, and where they begin; without a phase, with the first request. */
export interface WindowRule {
  readonly windowMs: number;
  readonly phaseMs: number | undefined;
}

/** Fixed windows: the whole allowance returns when one ends (FACTS 2.2). */
export class RateLimit {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #rule: WindowRule;
  readonly #windows = new Map<string, { start: number; used: number }>();

  constructor(clock: Clock, limit: number, rule: WindowRule) {
    this.#clock = clock;
    this.#limit = limit;
    this.#rule = rule;
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
    const left = Math.max(0, start + this.#rule.windowMs - this.#clock.now());
    return { limit: this.#limit, used, resetSeconds: Math.ceil(left / 1000) };
  }

  windows(): ReadonlyMap<string, Window> {
    return new Map([...this.#windows.keys()].map((key) => [key, this.window(key)]));
  }

  #current(key: string): { start: number; used: number } {
    const now = this.#clock.now();
    const found = this.#windows.get(key);
    if (found !== undefined && now < found.start + this.#rule.windowMs) return found;
    const fresh = { start: this.#beginOf(now), used: 0 };
    this.#windows.set(key, fresh);
    return fresh;
  }

  #beginOf(now: number): number {
    const { windowMs, phaseMs } = this.#rule;
    return phaseMs === undefined ? now : Math.floor((now - phaseMs) / windowMs) * windowMs + phaseMs;
  }
}
