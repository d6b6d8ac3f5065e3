import type { Random } from '../../base/random.ts';

/** Something that waits to be sent. */
type Send = () => void;

/** Holds hooks back until there are enough of them, or it took too long, and sends them in any order. */
export class Shuffle {
  #held: Send[] = [];

  /** True: it is the first, so somebody must see to it that they are sent in the end. */
  hold(send: Send, size: number, random: Random): boolean {
    this.#held.push(send);
    if (this.#held.length >= size) this.release(random);
    return this.#held.length === 1;
  }

  release(random: Random): void {
    const left = this.#held;
    this.#held = [];
    while (left.length > 0) for (const send of left.splice(Math.floor(random() * left.length), 1)) send();
  }
}
