import type { Dice } from './dice.ts';

/** Draws by weight from a table that is made once: `draw` costs a few steps, however many items there are. */
export class Odds<Item> {
  readonly #items: readonly Item[];
  readonly #sums: readonly number[];

  constructor(items: readonly Item[], weightOf: (item: Item, index: number) => number) {
    let sum = 0;
    this.#items = items;
    this.#sums = items.map((item, index) => (sum += weightOf(item, index)));
  }

  draw(dice: Dice): Item {
    const ticket = dice.fraction() * Number(this.#sums.at(-1));
    let [low, high] = [0, this.#sums.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (Number(this.#sums[middle]) > ticket) high = middle;
      else low = middle + 1;
    }
    const item = this.#items[low];
    if (item === undefined) throw new Error('nothing to draw from');
    return item;
  }
}

/** The words of a table of weights. */
export function oddsOf<Word extends string>(weights: Readonly<Record<Word, number>>): Odds<Word> {
  const words: Word[] = [];
  for (const word in weights) words.push(word);
  return new Odds(words, (word) => weights[word]);
}

/** Few get most: of 10,000 the first 2,000 get three quarters, and the very first one a third of a percent (Zipf). */
export const fewGetMost = <Item>(items: readonly Item[]): Odds<Item> =>
  new Odds(items, (_, index) => (index + 1 + items.length / 100) ** -1.2);

/** Costs and durations: most are small, few are huge. Half lie below the median; `spread` of 1 triples or cuts to a third. */
export function logNormal(dice: Dice, median: number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - dice.fraction())) * Math.cos(2 * Math.PI * dice.fraction());
  return median * Math.exp(spread * normal);
}
