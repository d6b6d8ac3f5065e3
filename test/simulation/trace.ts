import { createHash, type Hash } from 'node:crypto';

/** The course of one seed: its hash, and on demand every step of it. */
export class Trace {
  readonly #hash: Hash = createHash('sha256');
  readonly #startedAt: number;
  readonly #now: () => number;
  readonly #show: ((line: string) => void) | undefined;
  steps = 0;

  constructor(now: () => number, show?: (line: string) => void) {
    this.#now = now;
    this.#startedAt = now();
    this.#show = show;
  }

  step(what: string): void {
    this.steps++;
    const time = this.#now() - this.#startedAt;
    this.#hash.update(`${time} ${what}\n`);
    this.#show?.(`${inWords(time)} ${what}`);
  }

  /** No step may follow. */
  end(): string {
    return this.#hash.digest('hex').slice(0, 32);
  }
}

/** `1:02:03.004` */
function inWords(ms: number): string {
  const [hours, minutes, seconds] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, (ms / 1000) % 60];
  return `${hours}:${String(minutes).padStart(2, '0')}:${seconds.toFixed(3).padStart(6, '0')}`;
}
