import type { Clock } from '../base/clock.ts';
import {
  endedWith,
  LANES,
  nextLane,
  perLane,
  planMinutes,
  type Ended,
  type Gate,
  type HttpResponse,
  type MinutePlan,
  type QuotaLane,
  type QuotaRule,
} from '../maintainx/index.ts';
import type { QuotaShelf } from './shelf.ts';

/** What a principal has used of its quota in the last window, by all processes. */
export interface QuotaUse {
  readonly used: number;
  /** 0: no limit. */
  readonly limit: number;
  /** Requests of this process that wait. */
  readonly waiting: number;
}

/** Lets requests of one principal through, at most its limit in any window, the most urgent lane first. */
export interface Governor {
  readonly gate: Gate;
  /** As far as this process knows. */
  use(): QuotaUse;
  /** What of the waiting requests, and of `demand` besides, goes out in the next minutes. */
  plan(minutes: number, demand?: Readonly<Partial<Record<QuotaLane, number>>>): Promise<readonly MinutePlan[]>;
}

export interface GovernorOptions {
  readonly principal: string;
  readonly rule: QuotaRule;
  /** Names this process among those that share the shelf. */
  readonly holder: string;
  readonly shelf: QuotaShelf;
  readonly clock: Clock;
  /** Aborted: nothing more is sent, and what waits is turned away. */
  readonly signal: AbortSignal;
}

/** So many requests in a window are no limit: nobody counts them. */
export const NO_LIMIT = 60_000;

interface Waiter {
  readonly admit: () => void;
  readonly refuse: (reason: Error) => void;
}

/** When the shelf is out of reach, nobody sends; it is asked again after so many milliseconds. */
const SHELF_RETRY_MS = 250;

/** A governor for one principal in this process. Requests of one lane go in the order in which they came. */
export function createGovernor(options: GovernorOptions): Governor {
  const { rule, clock, signal } = options;
  return rule.limit >= NO_LIMIT ? openGovernor(clock, signal) : new Counted(options).face();
}

/** Without a limit there is nothing to count; only a 429 is waited out. */
function openGovernor(clock: Clock, signal: AbortSignal): Governor {
  let closedUntil = 0;
  return {
    gate: async (_lane, send) => {
      while (closedUntil > clock.now() && !signal.aborted) await clock.sleep(closedUntil - clock.now(), signal);
      if (signal.aborted) throw stopping();
      const sentAt = clock.now();
      const answer = await send();
      const { isLimited, reset, endedAt } = endedWith(answer, sentAt, clock.now());
      if (isLimited)
        closedUntil = Math.max(closedUntil, endedAt + Math.min(60, Math.max(0, reset ?? 60)) * 1000 + 1000);
      return answer;
    },
    use: () => ({ used: 0, limit: 0, waiting: 0 }),
    plan: () => Promise.resolve([]),
  };
}

const stopping = (): Error => new Error('the process is stopping');

class Counted {
  readonly #options: GovernorOptions;
  readonly #waiting: Record<QuotaLane, Waiter[]> = lanesOf(() => []);
  /** When requests of each lane were sent in the last window. */
  readonly #sent: Record<QuotaLane, number[]> = lanesOf(() => []);
  #unreported: Ended[] = [];
  #inFlight = 0;
  #lastWasMinimum = false;
  #isPumping = false;
  #limit: number;
  /** Ends the wait for the next place: something happened that may free one. */
  #nudge: () => void = () => undefined;

  constructor(options: GovernorOptions) {
    this.#options = options;
    this.#limit = options.rule.limit;
    options.signal.addEventListener('abort', () => this.#refuseAll(), { once: true });
  }

  face(): Governor {
    return {
      gate: async (lane, send) => {
        await this.#admitted(lane);
        return this.#send(send);
      },
      use: () => ({ used: this.#used(), limit: this.#limit, waiting: this.#count() }),
      plan: async (minutes, demand = {}) => {
        const { shelf, principal, clock } = this.#options;
        const state = await shelf.look(principal);
        const all = perLane((lane) => this.#waiting[lane].length + (demand[lane] ?? 0));
        return state === undefined ? [] : planMinutes(state, all, clock.now(), minutes);
      },
    };
  }

  #admitted(lane: QuotaLane): Promise<void> {
    if (this.#options.signal.aborted) return Promise.reject(stopping());
    return new Promise((admit, refuse) => {
      this.#waiting[lane].push({ admit, refuse });
      void this.#pump();
    });
  }

  async #send(send: () => Promise<HttpResponse>): Promise<HttpResponse> {
    const { clock } = this.#options;
    const sentAt = clock.now();
    let answer: HttpResponse | null = null;
    try {
      return (answer = await send());
    } finally {
      this.#inFlight--;
      this.#unreported.push(endedWith(answer, sentAt, clock.now()));
      this.#nudge();
      void this.#pump();
    }
  }

  /** Asks for places and gives them out, as long as somebody waits or there is something to report. */
  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    const { signal } = this.#options;
    // Requests that come in the same moment are looked at together: the most urgent goes first.
    await Promise.resolve();
    while (!signal.aborted && (this.#count() > 0 || this.#mustReport())) await this.#round();
    this.#isPumping = false;
  }

  /** The last report of a burst: others need to know that nothing of ours is under way. */
  #mustReport(): boolean {
    return this.#unreported.length > 0 && this.#inFlight === 0;
  }

  async #round(): Promise<void> {
    const { shelf, principal, holder, rule, clock, signal } = this.#options;
    const [ended, want] = [this.#unreported, this.#count()];
    this.#unreported = [];
    try {
      const grant = await shelf.exchange(principal, rule, { holder, ended, unused: 0, want }, clock.now());
      if (signal.aborted) return;
      for (let place = 0; place < grant.places; place++) this.#admitNext();
      if (grant.places < want) await this.#until(grant.retryAt);
    } catch {
      this.#unreported = [...ended, ...this.#unreported];
      await clock.sleep(SHELF_RETRY_MS, signal);
    }
  }

  /** Until then, or until an answer came in. */
  async #until(time: number): Promise<void> {
    const { clock, signal } = this.#options;
    const done = new AbortController();
    this.#nudge = () => done.abort();
    await clock.sleep(Math.max(1, time - clock.now()), AbortSignal.any([signal, done.signal]));
    this.#nudge = () => undefined;
  }

  #admitNext(): void {
    const { clock, rule } = this.#options;
    const oldest = clock.now() - rule.windowMs;
    for (const lane of LANES) this.#sent[lane] = this.#sent[lane].filter((time) => time > oldest);
    const waiting = perLane((lane) => this.#waiting[lane].length);
    const used = perLane((lane) => this.#sent[lane].length);
    const next = nextLane(waiting, used, this.#options.rule.limit * rule.share, this.#lastWasMinimum);
    if (next === undefined) return;
    this.#lastWasMinimum = next.isMinimum;
    this.#sent[next.lane].push(clock.now());
    this.#inFlight++;
    this.#waiting[next.lane].shift()?.admit();
  }

  #used(): number {
    const oldest = this.#options.clock.now() - this.#options.rule.windowMs;
    return LANES.reduce((sum, lane) => sum + this.#sent[lane].filter((time) => time > oldest).length, 0);
  }

  #count(): number {
    return LANES.reduce((sum, lane) => sum + this.#waiting[lane].length, 0);
  }

  #refuseAll(): void {
    for (const lane of LANES) for (const waiter of this.#waiting[lane].splice(0)) waiter.refuse(stopping());
  }
}

const lanesOf = <Value>(make: () => Value): Record<QuotaLane, Value> => ({
  person: make(),
  write: make(),
  hydrate: make(),
  poll: make(),
  sweep: make(),
});
