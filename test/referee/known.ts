import { isObject, type JsonObject } from '../../src/base/json.ts';

/** Ids of what exists, by the first word of its path, e.g. `assets`. */
export class Known {
  readonly #ids = new Map<string, number[]>();
  readonly #made = new Map<string, readonly number[]>();
  readonly #labels = new Set<string>();
  #counter = 0;

  add(collection: string, id: number | undefined): void {
    if (id === undefined) return;
    this.#ids.set(collection, [...(this.#ids.get(collection) ?? []), id]);
  }

  /** What the walk created itself and therefore deletes at the end. */
  addMade(collection: string, id: number): void {
    this.#made.set(collection, [...this.made(collection), id]);
    // In front, so that the walk works on what is its own.
    this.#ids.set(collection, [id, ...this.all(collection)]);
  }

  made(collection: string): readonly number[] {
    return this.#made.get(collection) ?? [];
  }

  remove(collection: string, id: number): void {
    this.#ids.set(
      collection,
      (this.#ids.get(collection) ?? []).filter((one) => one !== id),
    );
  }

  addRows(collection: string, rows: readonly JsonObject[]): void {
    for (const row of rows) {
      if (typeof row['id'] === 'number') this.add(collection, row['id']);
      const fields = row['extraFields'];
      if (isObject(fields)) for (const label of Object.keys(fields)) this.#labels.add(`${collection} ${label}`);
    }
  }

  all(collection: string): readonly number[] {
    return this.#ids.get(collection) ?? [];
  }

  /** Some id of the collection; one that never exists when there is none. */
  one(collection: string, index = 0): number {
    const ids = this.all(collection);
    return ids[index % Math.max(1, ids.length)] ?? NO_ID;
  }

  /** Label of a custom field of the collection. */
  label(collection: string): string | undefined {
    return [...this.#labels].find((one) => one.startsWith(`${collection} `))?.slice(collection.length + 1);
  }

  addLabel(collection: string, label: string): void {
    this.#labels.add(`${collection} ${label}`);
  }

  /** Never the same twice. */
  next(): number {
    return ++this.#counter;
  }
}

export const NO_ID = 999_999_999;
