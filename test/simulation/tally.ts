/** How often each of several things happened. */
export class Tally<Name extends string> {
  readonly #counts = new Map<Name, number>();

  readonly count = (name: Name): void => void this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
