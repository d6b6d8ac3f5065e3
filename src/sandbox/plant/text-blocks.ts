import { textOf, type Row } from './row.ts';

/** Ids in one block. */
const BLOCK = 512;

interface Block {
  /** The texts in lower case, one a line. */
  readonly text: string;
  readonly starts: readonly number[];
  readonly rows: readonly Row[];
}

/** The texts of one field in large blocks, so that a search runs through memory instead of from row to row. */
export class TextBlocks {
  readonly #field: string;
  readonly #rowOf: (id: number) => Row | undefined;
  /** Undefined: a row of it changed; made anew when somebody searches. */
  readonly #blocks = new Map<number, Block | undefined>();

  constructor(field: string, rowOf: (id: number) => Row | undefined) {
    this.#field = field;
    this.#rowOf = rowOf;
  }

  changed(id: number): void {
    this.#blocks.set(Math.floor(id / BLOCK), undefined);
  }

  /** Rows whose text holds the words in any case; undefined when there are more than `most`. */
  find(words: string, most: number): Row[] | undefined {
    const wanted = words.toLowerCase();
    const found: Row[] = [];
    if (wanted.includes('\n')) return undefined;
    for (const [number, known] of this.#blocks) {
      const block = known ?? this.#made(number);
      this.#blocks.set(number, block);
      findIn(block, wanted, found);
      if (found.length > most) return undefined;
    }
    return found;
  }

  #made(number: number): Block {
    const ids = Array.from({ length: BLOCK }, (_, index) => number * BLOCK + index);
    const rows = ids.map(this.#rowOf).filter((row) => row !== undefined);
    const texts = rows.map((row) => textOf(row[this.#field]).toLowerCase().replaceAll('\n', ' '));
    let end = 0;
    const starts = texts.map((text) => (end += text.length + 1) - text.length - 1);
    return { text: texts.join('\n'), starts, rows };
  }
}

function findIn({ text, starts, rows }: Block, wanted: string, found: Row[]): void {
  let index = 0;
  for (let place = text.indexOf(wanted); place >= 0; place = text.indexOf(wanted, starts[index])) {
    while (index < starts.length && Number(starts[index]) <= place) index++;
    const row = rows[index - 1];
    if (row !== undefined) found.push(row);
    if (index >= starts.length) return;
  }
}
