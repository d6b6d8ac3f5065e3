import { isObject, objectOf, type Json, type JsonObject } from '../../base/json.ts';
import { isList } from './list.ts';

/** Values of an expanded document; MaintainX's has some 150,000. More would keep us busy for minutes. */
const MOST_VALUES = 500_000;

/**
 * Puts what `#/…` references name in their places. A reference into itself and one that names nothing become `{}`; so
 * does everything once there is too much of it (`isExhausted`), since few references can name very much.
 */
export class Expansion {
  readonly #root: Json;
  #left: number;

  constructor(root: Json, mostValues = MOST_VALUES) {
    this.#root = root;
    this.#left = mostValues;
  }

  get isExhausted(): boolean {
    return this.#left < 0;
  }

  of(value: Json, open: readonly string[] = []): Json {
    if (--this.#left < 0) return {};
    if (isList(value)) return value.map((one) => this.of(one, open));
    if (!isObject(value)) return value;
    const reference = value['$ref'];
    if (typeof reference === 'string' && reference.startsWith('#/'))
      return open.includes(reference) ? {} : this.of(this.#named(reference), [...open, reference]);
    return this.#members(value, open);
  }

  #members(value: JsonObject, open: readonly string[]): JsonObject {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.of(member, open)]));
  }

  #named(reference: string): Json {
    let value: Json | undefined = this.#root;
    for (const step of reference.slice(2).split('/')) {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const holder: JsonObject = objectOf(value);
      value = Object.hasOwn(holder, key) ? holder[key] : undefined;
    }
    return value ?? {};
  }
}
