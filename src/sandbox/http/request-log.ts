/** A request as it came and was answered. */
export interface RequestEntry {
  /** Rises by one with each request. */
  readonly seq: number;
  /** ISO, by the true clock. */
  readonly time: string;
  readonly method: string;
  /** With `/v1` and the query. */
  readonly path: string;
  readonly organizationId: number | null;
  readonly user: string;
  /** Null: it got no answer. */
  readonly status: number | null;
  readonly userAgent: string;
}

/** The last requests to the API, for who wants to know what an integration really sends. */
export class RequestLog {
  readonly #most: number;
  #entries: RequestEntry[] = [];
  #seq = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(entry: Omit<RequestEntry, 'seq'>): void {
    this.#seq++;
    if (this.#most === 0) return;
    this.#entries.push({ seq: this.#seq, ...entry });
    // Cut in halves, so that it costs nothing as a rule.
    if (this.#entries.length >= 2 * this.#most) this.#entries = this.#entries.slice(-this.#most);
  }

  /** Oldest first, those since `after`. */
  after(after = 0): readonly RequestEntry[] {
    return this.#entries.slice(-this.#most).filter(({ seq }) => seq > after);
  }
}
