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
    const rest = [...list];
    const picked: Item[] = [];
    while (picked.length < count && rest.length > 0) picked.push(...rest.splice(this.whole(0, rest.length - 1), 1));
    return picked;
  }

  /** One of the words, by weight. */
  weighted<Word extends string>(weights: Readonly<Record<Word, number>>): Word {
    const words: Word[] = [];
    for (const word in weights) for (let ticket = 0; ticket < weights[word]; ticket++) words.push(word);
    return this.pick(words);
  }
}
