/** What a transaction in memory changed, so that it can be taken back. */
export class Undo {
  readonly #steps: (() => void)[] = [];

  push(step: () => void): void {
    this.#steps.push(step);
  }

  /** `map.set` that can be taken back. */
  set<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
    this.#remember(map, key);
    map.set(key, value);
  }

  /** `map.delete` that can be taken back. */
  delete<Key, Value>(map: Map<Key, Value>, key: Key): void {
    this.#remember(map, key);
    map.delete(key);
  }

  /** Takes back everything, last first. */
  rollBack(): void {
    for (const step of this.#steps.reverse()) step();
  }

  #remember<Key, Value>(map: Map<Key, Value>, key: Key): void {
    const before = map.get(key);
    this.#steps.push(before === undefined ? () => void map.delete(key) : () => void map.set(key, before));
  }
}
