/** The last things that happened, in words; and how many there were in all. */
export class Chronicle {
  readonly #size: number;
  #sentences: string[] = [];
  #count = 0;

  constructor(size = 200) {
    this.#size = size;
  }

  tell(sentence: string): void {
    this.#count++;
    this.#sentences.push(sentence);
    if (this.#sentences.length > this.#size * 2) this.#sentences = this.#sentences.slice(-this.#size);
  }

  /** Newest last. */
  recent(): readonly string[] {
    return this.#sentences.slice(-this.#size);
  }

  get count(): number {
    return this.#count;
  }
}
