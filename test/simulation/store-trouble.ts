import type { Clock } from '../../src/base/clock.ts';
import type { Dice } from '../../src/sandbox/seed/dice.ts';

/**
 * What goes wrong with one call of the store. `done unheard`: it is committed, and the caller sees an error.
 * `crash …`: the process dies before, in the middle of, or right after it. `pause …`: it stands still for a while.
 */
export type StoreMishap =
  | 'refused'
  | 'rolled back'
  | 'done unheard'
  | 'stall before'
  | 'stall after'
  | 'crash before'
  | 'crash inside'
  | 'crash after'
  | 'pause before'
  | 'pause after';

const MISHAPS: readonly StoreMishap[] = ['refused', 'rolled back', 'done unheard', 'stall before', 'stall after'];
const CRASHES: readonly StoreMishap[] = ['crash before', 'crash inside', 'crash after'];
const PAUSES: readonly StoreMishap[] = ['pause before', 'pause after'];

/** A time in which calls of the store fail, each with this probability. */
export interface TroubledTime {
  readonly from: number;
  readonly until: number;
  readonly share: number;
}

/** Decides what goes wrong with each call of one process. */
export class StoreTrouble {
  readonly #dice: Dice;
  readonly #clock: Clock;
  readonly #times: readonly TroubledTime[];
  readonly #struck: (what: string) => void;
  #crashIn: number | undefined;
  #pauseIn: number | undefined;
  #isOver = false;

  constructor(dice: Dice, clock: Clock, times: readonly TroubledTime[], struck: (what: string) => void) {
    this.#dice = dice;
    this.#clock = clock;
    this.#times = times;
    this.#struck = struck;
  }

  /** The process dies at its so manieth call from now; looking for work is no such call. */
  crashIn(calls: number): void {
    this.#crashIn = calls;
  }

  /** It stands still when it draws its so manieth ticket from now: around a read. */
  pauseIn(calls: number): void {
    this.#pauseIn = calls;
  }

  end(): void {
    this.#isOver = true;
  }

  strike(call: string): StoreMishap | undefined {
    const mishap = this.#draw(call);
    if (mishap !== undefined) this.#struck(`store: ${mishap}`);
    return mishap;
  }

  /** Longer than a lease, now and then. */
  stallMs(leaseMs: number): number {
    return this.#dice.whole(1, this.#dice.chance(0.2) ? 3 * leaseMs : 2_000);
  }

  /** Whether a wake that a transaction noted is lost between its commit and the lane. */
  losesWake(): boolean {
    const isLost = this.#isTroubled() && this.#dice.chance(0.3);
    if (isLost) this.#struck('store: wake lost');
    return isLost;
  }

  #draw(call: string): StoreMishap | undefined {
    if (this.#isOver) return undefined;
    const counts = call !== 'claim';
    if (counts && this.#crashIn !== undefined && this.#crashIn-- <= 0) {
      this.#crashIn = undefined;
      return this.#dice.pick(CRASHES);
    }
    if (call === 'ticket' && this.#pauseIn !== undefined && this.#pauseIn-- <= 0) {
      this.#pauseIn = undefined;
      return this.#dice.pick(PAUSES);
    }
    return this.#isTroubled() && this.#dice.chance(this.#share()) ? this.#dice.pick(MISHAPS) : undefined;
  }

  #isTroubled(): boolean {
    return !this.#isOver && this.#share() > 0;
  }

  #share(): number {
    const now = this.#clock.now();
    return this.#times.find(({ from, until }) => from <= now && now < until)?.share ?? 0;
  }
}
