import type { Json } from '../../base/json.ts';
import { FiledTable } from './filed-table.ts';
import type { OrderedRows } from './ordered-rows.ts';
import { idOf, type Row } from './row.ts';
import { FIRST_ID, type IdSpace, type Table } from './tables.ts';

/**
 * All records of the plant in memory. Deleted ones stay readable for what embeds them, as with a soft delete.
 * Whoever changes a field that rows are ordered or looked up by says so with `moved`; `touch` does.
 */
export class Store {
  readonly #tables = new Map<Table, FiledTable>();
  readonly #deleted = new Map<Table, Map<number, Row>>();
  readonly #nextId = new Map<IdSpace, number>();
  readonly #offset: number;

  /** `offset` is added to every first id, so that the plants of several organisations have no id in common. */
  constructor(offset = 0) {
    this.#offset = offset;
  }

  nextId(space: IdSpace): number {
    const id = this.peekId(space);
    this.#nextId.set(space, id + 1);
    return id;
  }

  /** The id that comes next, without taking it. */
  peekId(space: IdSpace): number {
    return this.#nextId.get(space) ?? FIRST_ID[space] + this.#offset;
  }

  /** How many ids were given so far. */
  issued(space: IdSpace): number {
    return this.peekId(space) - FIRST_ID[space] - this.#offset;
  }

  add(table: Table, row: Row): Row {
    this.#table(table).add(row);
    return row;
  }

  get(table: Table, id: number): Row | undefined {
    return this.#tables.get(table)?.get(id);
  }

  /** Also when it is deleted: for embedding. */
  remember(table: Table, id: number): Row | undefined {
    return this.get(table, id) ?? this.#deleted.get(table)?.get(id);
  }

  delete(table: Table, id: number): void {
    const row = this.get(table, id);
    if (row === undefined) return;
    this.#table(table).delete(id);
    const deleted = this.#deleted.get(table) ?? new Map<number, Row>();
    this.#deleted.set(table, deleted.set(id, row));
  }

  /** Every living record, oldest first. It walks over all: not for what happens often on a large plant. */
  all(table: Table): Row[] {
    return this.#tables.get(table)?.rows() ?? [];
  }

  count(table: Table): number {
    return this.#tables.get(table)?.size ?? 0;
  }

  /** Living records in the order of a field and, among equals, of their id. */
  ordered(table: Table, field: string): OrderedRows {
    return this.#table(table).ordered(field);
  }

  /** Living records whose field is this value, or is a list that holds it or an object with this id; by id. */
  where(table: Table, field: string, value: Json): OrderedRows {
    return this.#table(table).where(field, value);
  }

  /** Living records whose text holds the words in any case; undefined when there are more than `most`. */
  containing(table: Table, field: string, words: string, most: number): Row[] | undefined {
    return this.#table(table).containing(field, words, most);
  }

  /** The row changed: its place in orders and groups may be another one now. */
  moved(row: Row): void {
    const id = idOf(row);
    for (const table of this.#tables.values()) if (table.get(id) === row) table.moved(row);
  }

  #table(table: Table): FiledTable {
    const found = this.#tables.get(table) ?? new FiledTable();
    this.#tables.set(table, found);
    return found;
  }
}
