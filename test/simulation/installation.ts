import type { IncomingHook } from '../../src/inbound/index.ts';
import { startGateway, type Gateway, type GatewayOptions } from './gateway.ts';

/** The gateway's processes of one seed, which start, pause, stop and die. */
export class Installation {
  readonly #options: GatewayOptions;
  readonly #running = new Set<Gateway>();
  #made = 0;
  #crashAbsenceMs = 0;
  #pauseMs = 0;
  #isHealed = false;
  #isOver = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isOver) return;
    const name = `process ${++this.#made}`;
    const gateway = startGateway(this.#options, name, {
      onCrash: () => void this.#comeBack(gateway, this.#crashAbsenceMs),
      onPause: () => this.#standStill(gateway, this.#pauseMs),
    });
    if (this.#isHealed) gateway.trouble.end();
    this.#options.trace(`${name} starts`);
    this.#running.add(gateway);
  }

  /** The youngest process that is not paused takes a webhook in; undefined: none runs. */
  receive(hook: IncomingHook): Promise<void> | undefined {
    return [...this.#running].at(-1)?.receive(hook);
  }

  /** The oldest process dies; another one starts after a while. */
  kill(backAfterMs: number): void {
    const gateway = this.#oldest();
    gateway?.process.kill();
    if (gateway !== undefined) void this.#comeBack(gateway, backAfterMs);
  }

  /** The oldest process dies in the middle of one of its next calls of the store. */
  crash(calls: number, backAfterMs: number): void {
    this.#crashAbsenceMs = backAfterMs;
    this.#oldest()?.trouble.crashIn(calls);
  }

  /** The oldest process is told to stop, and another one starts after a while. */
  async stop(backAfterMs: number): Promise<void> {
    const gateway = this.#oldest();
    if (gateway === undefined) return;
    await Promise.race([gateway.stop(), this.#options.clock.sleep(120_000)]);
    await this.#comeBack(gateway, backAfterMs);
  }

  /** The oldest process stands still in one of its next calls of the store; `replaced`: another one is started meanwhile. */
  pause(calls: number, ms: number, replaced: boolean): void {
    this.#pauseMs = ms;
    this.#oldest()?.trouble.pauseIn(calls);
    if (replaced) this.start();
  }

  async #standStill({ process }: Gateway, ms: number): Promise<void> {
    const { clock, trace } = this.#options;
    process.pause();
    trace(`${process.name} stands still for ${ms} ms`);
    await clock.sleep(ms);
    process.wake();
    trace(`${process.name} wakes`);
  }

  /** Nothing more goes wrong with the processes; resolves when one runs. */
  async heal(): Promise<void> {
    this.#isHealed = true;
    for (const { process, trouble } of this.#running) {
      process.wake();
      trouble.end();
    }
    while (this.#running.size === 0) await this.#options.clock.sleep(1_000);
  }

  end(): void {
    this.#isOver = true;
    for (const { process } of this.#running) process.kill();
  }

  #oldest(): Gateway | undefined {
    return [...this.#running][0];
  }

  async #comeBack(gateway: Gateway, afterMs: number): Promise<void> {
    if (!this.#running.delete(gateway)) return;
    const { clock, trace } = this.#options;
    trace(`${gateway.process.name} is gone for ${afterMs} ms`);
    await clock.sleep(afterMs);
    this.start();
  }
}
