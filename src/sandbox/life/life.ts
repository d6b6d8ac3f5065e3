import type { Clock } from '../../base/clock.ts';

const TICK_MS = 50;
/** When the timer is late, this many at a time, so that requests get their turn in between. */
const BATCH = 40;

/** Drives the changes at a rate: each beat makes those that are due since the last. */
export class Life {
  readonly #clock: Clock;
  readonly #change: () => void;
  readonly #stopping = new AbortController();
  #rate = 0;
  #owed = 0;
  #lastBeat = 0;
  #running: Promise<void> | undefined;

  constructor(clock: Clock, change: () => void) {
    this.#clock = clock;
    this.#change = change;
  }

  get rate(): number {
    return this.#rate;
  }

  setRate(changesPerSecond: number): void {
    this.#rate = changesPerSecond;
    this.#owed = 0;
    this.#lastBeat = this.#clock.now();
    if (changesPerSecond > 0) this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#rate = 0;
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (this.#rate > 0 && !signal.aborted) {
      await this.#clock.sleep(this.#owed >= 1 ? 1 : TICK_MS, signal);
      this.#beat();
    }
    this.#running = undefined;
  }

  #beat(): void {
    const now = this.#clock.now();
    this.#owed += ((now - this.#lastBeat) / 1000) * this.#rate;
    this.#lastBeat = now;
    for (let made = 0; made < BATCH && this.#owed >= 1; made++) {
      this.#owed -= 1;
      this.#change();
    }
  }
}
