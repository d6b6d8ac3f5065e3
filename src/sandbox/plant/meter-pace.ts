import type { Clock } from '../../base/clock.ts';
import { idOf, type Row } from './row.ts';

const DAY = 86_400_000;
/** "For Manual meter readings: 10 requests / 24 hours"; a batch counts as one. */
const MANUAL = { most: 10, withinMs: DAY };
/** "For Automated and IoT meter readings: 1 request / 10 seconds" at the meter's own path. */
const SINGLE = { most: 1, withinMs: 10_000 };
/** "For Automated and IoT meter readings: 100 requests / 60 seconds" for batches. */
const BATCH = { most: 100, withinMs: 60_000 };

const MANUAL_WORDS =
  'Too Many Requests. Manual meter readings are limited to 10 every 24h 00m 00s. For a higher recording frequency ' +
  'please use Meters of type IoT. Contact support@getmaintainx.com for help.';

interface Allowance {
  readonly most: number;
  readonly withinMs: number;
}

/** How often readings may be sent, beside the limits of all requests (FACTS 2.2). */
export class MeterPace {
  readonly #clock: Clock;
  readonly #isOn: boolean;
  readonly #times = new Map<string, number[]>();

  constructor(clock: Clock, isOn: boolean) {
    this.#clock = clock;
    this.#isOn = isOn;
  }

  /** Counts a reading at the meter's own path, or says why there may be none now. */
  single(meter: Row): string | undefined {
    return isManual(meter) ? this.#manual([meter]) : this.#enter([`single ${idOf(meter)}`], SINGLE);
  }

  /** Counts a batch, or says why there may be none now. */
  batch(userId: number, meters: readonly Row[]): string | undefined {
    return this.#manual(meters.filter(isManual)) ?? this.#enter([`batch ${userId}`], BATCH);
  }

  #manual(meters: readonly Row[]): string | undefined {
    const keys = new Set(meters.map((meter) => `manual ${idOf(meter)}`));
    return this.#enter([...keys], MANUAL) === undefined ? undefined : MANUAL_WORDS;
  }

  #enter(keys: readonly string[], allowance: Allowance): string | undefined {
    if (!this.#isOn) return undefined;
    const now = this.#clock.now();
    for (const key of keys) {
      const [oldest] = this.#recent(key, now - allowance.withinMs);
      if (oldest !== undefined && this.#recent(key, now - allowance.withinMs).length >= allowance.most)
        return `Too many requests. Please retry in ${Math.ceil((oldest + allowance.withinMs - now) / 1000)} seconds`;
    }
    for (const key of keys) this.#times.set(key, [...this.#recent(key, now - allowance.withinMs), now]);
    return undefined;
  }

  #recent(key: string, after: number): readonly number[] {
    return (this.#times.get(key) ?? []).filter((time) => time > after);
  }
}

const isManual = (meter: Row): boolean => meter['measurementType'] === 'MANUAL';
