import { sha256 } from '../../base/hash.ts';
import { seededRandom, type Random } from '../../base/random.ts';
import type { Millis, Schedule } from './plan.ts';

/** A rule that struck, and where it draws further numbers from. */
export interface Struck<Rule> {
  readonly rule: Rule;
  readonly random: Random;
}

/** Decides when one rule strikes. Each rule draws from numbers of its own, so that one does not move another. */
export class Trigger {
  readonly #schedule: Schedule;
  readonly #startedAt: number;
  readonly random: Random;
  #met = 0;
  #struck = 0;

  /** `seed`: words that no other rule has. */
  constructor(schedule: Schedule, startedAt: number, ...seed: readonly (string | number)[]) {
    this.#schedule = schedule;
    this.#startedAt = startedAt;
    this.random = seededRandom(sha256(...seed.map(String)).readUInt32BE());
  }

  /**
   * Of one request or delivery that fits the rule's filters. One that another fault has taken is counted and drawn for
   * all the same: the same requests, the same numbers, whatever the other faults do.
   */
  strikes(now: number, organizationId: number, isTaken = false): boolean {
    const { organizations, times } = this.#schedule;
    if (organizations?.includes(organizationId) === false) return false;
    if (!isWithin(this.#schedule, now - this.#startedAt)) return false;
    this.#met++;
    const isDrawn = this.random() < (this.#schedule.probability ?? 1);
    if (isTaken || !isDrawn || !this.#isDue() || this.#struck >= (times ?? Number.POSITIVE_INFINITY)) return false;
    this.#struck++;
    return true;
  }

  #isDue(): boolean {
    const { every, at, after = 0 } = this.#schedule;
    const count = this.#met - after;
    if (count < 1) return false;
    return (every === undefined || count % every === 0) && (at === undefined || at.includes(count));
  }
}

export function isWithin(
  { fromMs, untilMs }: { readonly fromMs?: number; readonly untilMs?: number },
  elapsedMs: number,
): boolean {
  return elapsedMs >= (fromMs ?? 0) && elapsedMs < (untilMs ?? Number.POSITIVE_INFINITY);
}

export function drawnMillis(ms: Millis, random: Random): number {
  if (typeof ms === 'number') return ms;
  const [least, most] = ms;
  return Math.round(least + random() * (most - least));
}
