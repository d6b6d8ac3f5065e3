/**
 * Whether an SPDX licence expression can be met with allowed licences alone: one side of an OR is enough, both sides of
 * an AND are needed. AND binds closer; `WITH` and a trailing `+` are part of the licence's name. What cannot be read is
 * not allowed.
 */
export function isAllowedLicence(expression: string, allowed: ReadonlySet<string>): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  try {
    const reader = new Reader(tokens, allowed);
    return reader.alternatives() && reader.atEnd();
  } catch {
    return false;
  }
}

class Reader {
  readonly #tokens: readonly string[];
  readonly #allowed: ReadonlySet<string>;
  #next = 0;

  constructor(tokens: readonly string[], allowed: ReadonlySet<string>) {
    this.#tokens = tokens;
    this.#allowed = allowed;
  }

  atEnd(): boolean {
    return this.#next === this.#tokens.length;
  }

  alternatives(): boolean {
    let met = this.#conjunction();
    while (this.#take('OR')) met = this.#conjunction() || met;
    return met;
  }

  #conjunction(): boolean {
    let met = this.#term();
    while (this.#take('AND')) met = this.#term() && met;
    return met;
  }

  #term(): boolean {
    if (!this.#take('(')) return this.#allowed.has(this.#name());
    const met = this.alternatives();
    if (!this.#take(')')) throw new Error('a bracket is not closed');
    return met;
  }

  #name(): string {
    const name = this.#word();
    return this.#take('WITH') ? `${name} WITH ${this.#word()}` : name;
  }

  #word(): string {
    const word = this.#tokens[this.#next];
    if (word === undefined || /^([()]|AND|OR|WITH)$/.test(word)) throw new Error('a licence is missing');
    this.#next += 1;
    return word;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#next] !== token) return false;
    this.#next += 1;
    return true;
  }
}
