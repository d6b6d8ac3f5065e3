import type { Kind } from '../../maintainx/catalogue/index.ts';
import { idOf, type Row } from './row.ts';

/** First ids: of the size that MaintainX's have (FACTS 2.4), and apart per kind, so that mixing them up shows. */
const FIRST_ID: Readonly<Record<Kind | 'comment' | 'file' | 'subscription' | 'line' | 'asset-status', number>> = {
  location: 904_112,
  asset: 1_369_940,
  'work-order': 118_831_473,
  'work-request': 7_733_120,
  part: 5_120_933,
  'purchase-order': 310_457,
  vendor: 88_210,
  meter: 442_310,
  user: 610_022,
  team: 70_113,
  category: 151_204,
  comment: 579_427_394,
  file: 93_001_122,
  subscription: 41_200,
  line: 22_040_310,
  'asset-status': 15_003_881,
};

export type IdSpace = keyof typeof FIRST_ID;

/** All records of the plant in memory. Deleted ones stay readable for what embeds them, as with a soft delete. */
export class Store {
  readonly #living = new Map<Kind, Map<number, Row>>();
  readonly #deleted = new Map<Kind, Map<number, Row>>();
  readonly #nextId = new Map<IdSpace, number>();

  nextId(space: IdSpace): number {
    const id = this.#nextId.get(space) ?? FIRST_ID[space];
    this.#nextId.set(space, id + 1);
    return id;
  }

  /** The id that comes next, without taking it. */
  peekId(space: IdSpace): number {
    return this.#nextId.get(space) ?? FIRST_ID[space];
  }

  /** How many ids were given so far. */
  issued(space: IdSpace): number {
    return this.peekId(space) - FIRST_ID[space];
  }

  add(kind: Kind, row: Row): Row {
    tableIn(this.#living, kind).set(idOf(row), row);
    return row;
  }

  get(kind: Kind, id: number): Row | undefined {
    return this.#living.get(kind)?.get(id);
  }

  /** Also when it is deleted: for embedding. */
  remember(kind: Kind, id: number): Row | undefined {
    return this.get(kind, id) ?? this.#deleted.get(kind)?.get(id);
  }

  delete(kind: Kind, id: number): void {
    const row = this.get(kind, id);
    if (row === undefined) return;
    tableIn(this.#living, kind).delete(id);
    tableIn(this.#deleted, kind).set(id, row);
  }

  /** Every living record, oldest first. */
  all(kind: Kind): Row[] {
    return [...tableIn(this.#living, kind).values()];
  }

  count(kind: Kind): number {
    return this.#living.get(kind)?.size ?? 0;
  }
}

function tableIn(tables: Map<Kind, Map<number, Row>>, kind: Kind): Map<number, Row> {
  const found = tables.get(kind);
  if (found !== undefined) return found;
  const table = new Map<number, Row>();
  tables.set(kind, table);
  return table;
}
