import type { Clock } from '../../src/base/clock.ts';

/**
 * A process as the world sees it: what it asks for is answered when the process runs. While it is paused nothing goes
 * on in it, and once it is dead nothing ever does: no answer comes back to it, so that none of its code runs on.
 */
export class EngineProcess {
  readonly name: string;
  #state: 'runs' | 'paused' | 'dead' = 'runs';
  #waiting: (() => void)[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get isDead(): boolean {
    return this.#state === 'dead';
  }

  pause(): void {
    if (this.#state === 'runs') this.#state = 'paused';
  }

  wake(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'runs';
    for (const goOn of this.#waiting.splice(0)) goOn();
  }

  kill(): void {
    this.#state = 'dead';
    this.#waiting = [];
  }

  /** Something that the process asks of the world outside. */
  async ask<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#running();
    try {
      return await work();
    } finally {
      await this.#running();
    }
  }

  /** The clock as the process has it: sleepers of a paused process sleep on. */
  clock(world: Clock): Clock {
    return { now: world.now, sleep: (ms, signal) => this.ask(() => world.sleep(ms, signal)) };
  }

  #running(): Promise<void> {
    if (this.#state === 'runs') return READY;
    return new Promise((resolve) => {
      if (this.#state === 'paused') this.#waiting.push(resolve);
    });
  }
}

const READY = Promise.resolve();
