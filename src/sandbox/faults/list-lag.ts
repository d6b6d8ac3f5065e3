import type { Clock } from '../../base/clock.ts';
import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import { textOf, type Row } from '../plant/row.ts';

interface Version {
  readonly since: number;
  readonly row: Row;
}

/**
 * What lists show while they lag: each record as it was some time ago, or not at all yet (FACTS 2.3).
 * Versions are kept only while a lag is set.
 */
export class ListLag {
  readonly #clock: Clock;
  readonly #lagOf: (kind: CoreKind) => number;
  #versions = new WeakMap<Row, Version[]>();
  #isKept = false;

  constructor(clock: Clock, lagOf: (kind: CoreKind) => number) {
    this.#clock = clock;
    this.#lagOf = lagOf;
  }

  /** Begins with the records as they are now; without any, everything is forgotten. */
  reset(rows: readonly Row[]): void {
    this.#versions = new WeakMap();
    this.#isKept = rows.length > 0;
    // Fields are replaced, never changed inside, so a shallow copy keeps the record as it is.
    for (const row of rows) this.#versions.set(row, [{ since: 0, row: { ...row } }]);
  }

  /** Called in the middle of an edit: what the record looks like is known when the edit is over. */
  edited(row: Row): void {
    if (!this.#isKept) return;
    const since = this.#clock.now();
    queueMicrotask(() => {
      const versions = this.#versions.get(row) ?? [];
      this.#versions.set(row, [...versions.slice(-MOST_VERSIONS), { since, row: { ...row } }]);
    });
  }

  /** How lists show records of a kind; undefined: as they are. */
  readonly lister = (kind: CoreKind): ((row: Row) => Row | undefined) | undefined => {
    const lag = this.#isKept ? this.#lagOf(kind) : 0;
    return lag === 0 ? undefined : (row) => this.#shown(row, this.#clock.now() - lag);
  };

  /** The record as it was then; undefined: not yet. */
  #shown(row: Row, then: number): Row | undefined {
    const versions = this.#versions.get(row);
    if (versions?.[0]?.since !== 0 && Date.parse(textOf(row['createdAt'])) > then) return undefined;
    if (versions === undefined) return row;
    return (versions.findLast(({ since }) => since <= then) ?? versions[0])?.row;
  }
}

const MOST_VERSIONS = 50;
