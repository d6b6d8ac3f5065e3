import type { Random } from '../../base/random.ts';

/** Chance, always the same for the same seed. */
export class Dice {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A whole number from `least` to `most`, both possible. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  /** A number from 0 up to, but not including, 1. */
  fraction(): number {
    return this.#random();
  }

  /** True in `share` of all cases. */
  chance(share: number): boolean {
    return this.#random() < share;
  }

  /** One of the list, which must not be empty. */
  pick<Item>(list: readonly Item[]): Item {
    const picked = list[Math.floor(this.#random() * list.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  /** One of the list, or undefined when it is empty. */
  maybe<Item>(list: readonly Item[]): Item | undefined {
    return list.length === 0 ? undefined : this.pick(list);
  }

  /** Up to `count` different ones of the list. */
  some<Item>(list: readonly Item[], count: number): Item[] {
    return this.places(list.length, count).flatMap((place) => list.slice(place, place + 1));
  }

  /** Up to `count` different numbers below `size`, as drawn from a bag: without writing the bag down. */
  places(size: number, count: number): number[] {
    const drawn: number[] = [];
    const taken: number[] = [];
    while (drawn.length < count && drawn.length < size) {
      // The ticket counts those still in the bag; each one taken before it moves it up.
      let place = this.whole(0, size - drawn.length - 1);
      let before = 0;
      while (before < taken.length && place >= Number(taken[before])) [place, before] = [place + 1, before + 1];
      taken.splice(before, 0, place);
      drawn.push(place);
    }
    return drawn;
  }

  /** One of the words, by weight. */
  weighted<Word extends string>(weights: Readonly<Record<Word, number>>): Word {
    const words: Word[] = [];
    for (const word in weights) for (let ticket = 0; ticket < weights[word]; ticket++) words.push(word);
    return this.pick(words);
  }
}
