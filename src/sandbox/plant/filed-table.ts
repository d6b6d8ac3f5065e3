import { isObject, type Json } from '../../base/json.ts';
import { MISSING, OrderedRows, sortKey, type Filed } from './ordered-rows.ts';
import { idOf, listOf, type Row } from './row.ts';
import { TextBlocks } from './text-blocks.ts';

type Groups = Map<Json, OrderedRows>;

/** The living rows of one table, and on demand in the order of a field or grouped by one. */
export class FiledTable {
  readonly #filed = new Map<number, Filed>();
  /** Fields that rows are filed under; the place in the list is the slot in `keys`. */
  readonly #fields: string[] = [];
  readonly #orders = new Map<number, OrderedRows>();
  readonly #groups = new Map<number, Groups>();
  readonly #byId = new OrderedRows();
  readonly #texts = new Map<number, TextBlocks>();
  /** Rows that may have moved since they were filed. */
  readonly #moved = new Set<Row>();

  get size(): number {
    return this.#filed.size;
  }

  get(id: number): Row | undefined {
    return this.#filed.get(id)?.row;
  }

  /** In the order in which they were added. */
  rows(): Row[] {
    return Array.from(this.#filed.values(), ({ row }) => row);
  }

  add(row: Row): void {
    const id = idOf(row);
    this.delete(id);
    const filed: Filed = { id, row, keys: this.#fields.map((field) => sortKey(row[field])) };
    this.#filed.set(id, filed);
    this.#byId.add(filed);
    this.#file(filed);
  }

  delete(id: number): void {
    const filed = this.#filed.get(id);
    if (filed === undefined) return;
    this.#filed.delete(id);
    this.#byId.remove(filed);
    this.#unfile(filed);
  }

  /** The row is filed anew before anybody asks for an order or a group. */
  moved(row: Row): void {
    this.#moved.add(row);
  }

  ordered(field: string): OrderedRows {
    if (field === 'id') return this.#byId;
    this.#refile();
    const slot = this.#slotOf(field);
    const order = this.#orders.get(slot) ?? new OrderedRows(slot, this.#filed.values());
    this.#orders.set(slot, order);
    return order;
  }

  /** Rows whose field is this value, or is a list that holds it or an object with this id; by id. Rows without a value are in no group. */
  where(field: string, value: Json): OrderedRows {
    this.#refile();
    const slot = this.#slotOf(field);
    const groups = this.#groups.get(slot) ?? this.#group(slot);
    return groups.get(value) ?? NONE;
  }

  /** Rows whose text holds the words in any case; undefined when there are more than `most`. */
  containing(field: string, words: string, most: number): Row[] | undefined {
    this.#refile();
    const slot = this.#slotOf(field);
    const texts = this.#texts.get(slot) ?? new TextBlocks(field, (id) => this.get(id));
    if (!this.#texts.has(slot)) for (const id of this.#filed.keys()) texts.changed(id);
    this.#texts.set(slot, texts);
    return texts.find(words, most);
  }

  #slotOf(field: string): number {
    const known = this.#fields.indexOf(field);
    if (known >= 0) return known;
    for (const { row, keys } of this.#filed.values()) keys.push(sortKey(row[field]));
    return this.#fields.push(field) - 1;
  }

  #group(slot: number): Groups {
    const members = new Map<Json, Filed[]>();
    for (const filed of this.#filed.values())
      for (const value of valuesOf(filed, slot)) {
        const known = members.get(value);
        if (known === undefined) members.set(value, [filed]);
        else known.push(filed);
      }
    const groups: Groups = new Map(
      members.entries().map(([value, filed]) => [value, new OrderedRows(undefined, filed)]),
    );
    this.#groups.set(slot, groups);
    return groups;
  }

  #refile(): void {
    for (const row of this.#moved) {
      const filed = this.#filed.get(idOf(row));
      if (filed?.row === row) this.#refileOne(filed);
    }
    this.#moved.clear();
  }

  #refileOne(filed: Filed): void {
    this.#fields.forEach((field, slot) => {
      const key = sortKey(filed.row[field]);
      if (key === filed.keys[slot]) return;
      this.#orders.get(slot)?.remove(filed);
      takeFrom(this.#groups.get(slot), filed, slot);
      filed.keys[slot] = key;
      this.#orders.get(slot)?.add(filed);
      putInto(this.#groups.get(slot), filed, slot);
      this.#texts.get(slot)?.changed(filed.id);
    });
  }

  #file(filed: Filed): void {
    for (const order of this.#orders.values()) order.add(filed);
    for (const [slot, groups] of this.#groups) putInto(groups, filed, slot);
    for (const texts of this.#texts.values()) texts.changed(filed.id);
  }

  #unfile(filed: Filed): void {
    for (const order of this.#orders.values()) order.remove(filed);
    for (const [slot, groups] of this.#groups) takeFrom(groups, filed, slot);
    for (const texts of this.#texts.values()) texts.changed(filed.id);
  }
}

const NONE = new OrderedRows();

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function valuesOf(filed: Filed, slot: number): Iterable<Json> {
  const key = filed.keys[slot];
  if (key === undefined || key === MISSING) return [];
  if (!isList(key)) return [key];
  const values = listOf(key).map((item) => (isObject(item) ? idOf(item) : item));
  return values.length > 1 ? new Set(values) : values;
}

function putInto(groups: Groups | undefined, filed: Filed, slot: number): void {
  if (groups === undefined) return;
  for (const value of valuesOf(filed, slot)) {
    const group = groups.get(value) ?? new OrderedRows();
    groups.set(value, group);
    group.add(filed);
  }
}

function takeFrom(groups: Groups | undefined, filed: Filed, slot: number): void {
  if (groups === undefined) return;
  for (const value of valuesOf(filed, slot)) {
    const group = groups.get(value);
    group?.remove(filed);
    if (group?.size === 0) groups.delete(value);
  }
}
