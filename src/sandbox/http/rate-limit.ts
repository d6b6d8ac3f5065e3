import type { Clock } from '../../base/clock.ts';

/** Where one caller stands in his window. */
export interface Window {
  readonly limit: number;
  readonly used: number;
  readonly resetSeconds: number;
}

export const WINDOW_KINDS = ['fixed', 'sliding'] as const;
/** `fixed`: the whole allowance returns when a window ends · `sliding`: each request's place returns a window after it. */
export type WindowKind = (typeof WINDOW_KINDS)[number];

/** How long windows are, and where fixed ones begin; without a phase, with the first request. */
export interface WindowRule {
  readonly kind: WindowKind;
  readonly windowMs: number;
  readonly phaseMs: number | undefined;
}

/** Requests against a limit. That windows are fixed is a guess: MaintainX says when one ends, and no more (FACTS 2.2). */
export class RateLimit {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #rule: WindowRule;
  readonly #windows = new Map<string, { start: number; used: number }>();
  /** When the requests of a sliding window came, oldest first. */
  readonly #times = new Map<string, number[]>();

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
    return this.isUnlimited || this.window(key).used < this.#limit;
  }

  count(key: string): void {
    if (this.#rule.kind === 'sliding') this.#recent(key).push(this.#clock.now());
    else this.#current(key).used++;
  }

  window(key: string): Window {
    if (this.#rule.kind === 'sliding') return this.#sliding(key);
    const { start, used } = this.#current(key);
    const left = Math.max(0, start + this.#rule.windowMs - this.#clock.now());
    return { limit: this.#limit, used, resetSeconds: Math.ceil(left / 1000) };
  }

  windows(): ReadonlyMap<string, Window> {
    const keys = [...this.#windows.keys(), ...this.#times.keys()];
    return new Map(keys.map((key) => [key, this.window(key)]));
  }

  /** Reset counts to the next place that is free. */
  #sliding(key: string): Window {
    const recent = this.#recent(key);
    const isFull = recent.length >= this.#limit;
    const left = isFull ? (recent[0] ?? 0) + this.#rule.windowMs - this.#clock.now() : 0;
    return { limit: this.#limit, used: recent.length, resetSeconds: Math.ceil(left / 1000) };
  }

  #recent(key: string): number[] {
    const oldest = this.#clock.now() - this.#rule.windowMs;
    const recent = (this.#times.get(key) ?? []).filter((time) => time > oldest);
    this.#times.set(key, recent);
    return recent;
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
