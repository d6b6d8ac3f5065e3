import type { Json } from '../../base/json.ts';
import { wordOf, type Row } from './row.ts';

/** A living row with what it is filed under: the values that its fields had when it was filed. */
export interface Filed {
  readonly id: number;
  readonly row: Row;
  readonly keys: Json[];
}

/** A missing date sorts as the greatest value, as in PostgreSQL. */
export const MISSING = '~';
export const sortKey = (value: Json | undefined): Json => value ?? MISSING;

/** Small enough to move the rest of a chunk in no time, large enough that there are few of them. */
const CHUNK = 512;

/** Rows in the order of one field and, among equals, of their id; found by place or by key without a walk over all. */
export class OrderedRows {
  /** Of the field in `keys`; undefined: by id alone. */
  readonly #slot: number | undefined;
  #chunks: Filed[][] = [];
  #size = 0;

  constructor(slot?: number, filed: Iterable<Filed> = []) {
    this.#slot = slot;
    const sorted = [...filed].sort((left, right) => this.#compare(left, this.#keyOf(right), right.id));
    for (let start = 0; start < sorted.length; start += CHUNK) this.#chunks.push(sorted.slice(start, start + CHUNK));
    this.#size = sorted.length;
  }

  get size(): number {
    return this.#size;
  }

  add(filed: Filed): void {
    this.#size++;
    const key = this.#keyOf(filed);
    const number = Math.min(this.#chunkOf(key, filed.id), this.#chunks.length - 1);
    const chunk = this.#chunks[number];
    if (chunk === undefined) return void this.#chunks.push([filed]);
    chunk.splice(this.#placeIn(chunk, key, filed.id), 0, filed);
    if (chunk.length > CHUNK) this.#chunks.splice(number + 1, 0, chunk.splice(CHUNK / 2));
  }

  /** Its keys must still be those it was filed under. */
  remove(filed: Filed): void {
    const key = this.#keyOf(filed);
    const number = this.#chunkOf(key, filed.id);
    const chunk = this.#chunks[number];
    const place = chunk === undefined ? -1 : this.#placeIn(chunk, key, filed.id);
    if (chunk?.[place] !== filed) return;
    this.#size--;
    chunk.splice(place, 1);
    if (chunk.length === 0) this.#chunks.splice(number, 1);
  }

  /** How many rows come before this key and id. */
  rankOf(key: Json, id: number): number {
    const number = this.#chunkOf(key, id);
    let rank = 0;
    for (let before = 0; before < number; before++) rank += this.#chunks[before]?.length ?? 0;
    const chunk = this.#chunks[number];
    return chunk === undefined ? rank : rank + this.#placeIn(chunk, key, id);
  }

  at(rank: number): Row | undefined {
    const [number, place] = this.#find(rank);
    return this.#chunks[number]?.[place]?.row;
  }

  /** From the row at `first` to the one before `end`. */
  *forwards(first = 0, end = this.#size): Generator<Row> {
    let [number, place] = this.#find(first);
    for (let left = end - first; left > 0; left--) {
      while (place >= (this.#chunks[number]?.length ?? Infinity)) [number, place] = [number + 1, 0];
      const filed = this.#chunks[number]?.[place++];
      if (filed === undefined) return;
      yield filed.row;
    }
  }

  /** Visits rows from `first` up to `end`, or from `end` down to `first`, until one says that it is enough. */
  visit(first: number, end: number, isDown: boolean, isEnough: (row: Row) => boolean): void {
    const step = isDown ? -1 : 1;
    let left = end - first;
    if (left <= 0) return;
    let [number, place] = this.#find(isDown ? end - 1 : first);
    for (let chunk = this.#chunks[number]; chunk !== undefined; chunk = this.#chunks[(number += step)]) {
      if (place < 0) place = chunk.length - 1;
      for (let filed = chunk[place]; filed !== undefined; filed = chunk[(place += step)])
        if (isEnough(filed.row) || --left === 0) return;
      place = isDown ? -1 : 0;
    }
  }

  #keyOf(filed: Filed): Json {
    return this.#slot === undefined ? filed.id : (filed.keys[this.#slot] ?? MISSING);
  }

  #compare(filed: Filed, key: Json, id: number): number {
    const own = this.#keyOf(filed);
    return own === key ? filed.id - id : isLess(own, key) ? -1 : 1;
  }

  /** The first chunk whose last row is not before the key. */
  #chunkOf(key: Json, id: number): number {
    return firstOf(this.#chunks.length, (number) => {
      const last = this.#chunks[number]?.at(-1);
      return last !== undefined && this.#compare(last, key, id) >= 0;
    });
  }

  #placeIn(chunk: readonly Filed[], key: Json, id: number): number {
    return firstOf(chunk.length, (place) => {
      const filed = chunk[place];
      return filed !== undefined && this.#compare(filed, key, id) >= 0;
    });
  }

  #find(rank: number): [chunk: number, place: number] {
    let left = rank;
    for (let number = 0; number < this.#chunks.length; number++) {
      const size = this.#chunks[number]?.length ?? 0;
      if (left < size) return [number, left];
      left -= size;
    }
    return [this.#chunks.length, 0];
  }
}

/** The first of `count` numbers that passes, when all after it pass too; `count` when none does. */
function firstOf(count: number, passes: (number: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Numbers by size, everything else as words. */
export function isLess(left: Json, right: Json): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left < right;
  return typeof left === 'number' && typeof right === 'number' ? left < right : wordOf(left) < wordOf(right);
}
