import { isObject, type Json, type JsonObject } from '../../src/base/json.ts';
import { kindEntry, type HttpResponse, type Kind } from '../../src/maintainx/index.ts';
import { idOf } from '../../src/records/index.ts';
import type { Dice } from '../../src/sandbox/seed/dice.ts';
import type { Ask } from './ask.ts';
import { diceFor } from './chance.ts';
import { INSTEAD } from './instead-lies.ts';
import type { Lie, LieRule } from './lie-rule.ts';
import { PAGE_LIES, type PageLie } from './page-lies.ts';
import { objectIn, PAST, type Past } from './past-lies.ts';

interface Armed extends LieRule {
  readonly dice: Dice;
}

const isPageLie = (lie: Lie): lie is PageLie => Object.hasOwn(PAGE_LIES, lie);

/** Versions of a record that are remembered, for lies of the past. */
const MOST_VERSIONS = 4;

/** Puts lies into the answers of an honest sandbox. */
export class Lies {
  readonly #rules: readonly Armed[];
  readonly #struck: (what: string) => void;
  /** Bodies of single GETs by kind and id, oldest first. */
  readonly #versions = new Map<Kind, Map<string, readonly string[]>>();
  /** Rows that lists have shown, by kind and id. */
  readonly #shown = new Map<Kind, Map<string, JsonObject>>();
  #isOver = false;

  constructor(rules: readonly LieRule[], seed: number, struck: (what: string) => void) {
    this.#rules = rules.map((rule, index) => ({ ...rule, dice: diceFor(seed, `lie ${index}`) }));
    this.#struck = struck;
  }

  end(): void {
    this.#isOver = true;
  }

  /** What is answered instead of asking MaintainX; undefined: it is asked. */
  instead(ask: Ask, now: number): HttpResponse | undefined {
    for (const { lie, dice, share } of this.#active(ask, now)) {
      const answer = INSTEAD[lie]?.(ask);
      if (answer !== undefined && dice.chance(share)) return this.#told(lie, answer);
    }
    return undefined;
  }

  /** What becomes of MaintainX's answer. */
  told(ask: Ask, answer: HttpResponse, now: number): HttpResponse {
    if (this.#isOver) return answer;
    const rules = this.#active(ask, now);
    const told =
      ask.id === null ? this.#page(ask.kind, answer, rules, now) : this.#single(ask, ask.id, answer, rules, now);
    const dateless = rules.some(({ lie, dice, share }) => lie === 'no Date' && dice.chance(share));
    if (!dateless) return told;
    const headers = Object.fromEntries(Object.entries(told.headers).filter(([name]) => name !== 'date'));
    return this.#told('no Date', { ...told, headers });
  }

  #active({ kind }: Ask, now: number): readonly Armed[] {
    if (this.#isOver) return [];
    return this.#rules.filter((rule) => rule.from <= now && now < rule.until && rule.kinds.includes(kind));
  }

  #told<Told>(lie: Lie, told: Told): Told {
    this.#struck(`lie: ${lie}`);
    return told;
  }

  #page(kind: Kind, answer: HttpResponse, rules: readonly Armed[], now: number): HttpResponse {
    const liars = rules.filter(({ lie }) => isPageLie(lie) || lie === 'ghost row');
    if (liars.length === 0 || answer.status !== 200) return answer;
    const body = objectIn(answer.body);
    const { listKey } = kindEntry(kind);
    const rows = rowsIn(body[listKey]);
    const told = liars.reduce((before, liar) => this.#rowsOf(kind, before, liar, now), rows);
    return told === rows ? answer : { ...answer, body: JSON.stringify({ ...body, [listKey]: told }) };
  }

  #rowsOf(kind: Kind, rows: readonly JsonObject[], { lie, share, dice }: Armed, now: number): readonly JsonObject[] {
    const told = isPageLie(lie) ? PAGE_LIES[lie](rows, share, dice, now) : this.#withGhosts(kind, rows, share, dice);
    return told === rows ? rows : this.#told(lie, told);
  }

  /** With rows that were shown before and are not there any more, or on another page. */
  #withGhosts(kind: Kind, rows: readonly JsonObject[], share: number, dice: Dice): readonly JsonObject[] {
    const shown = this.#shown.get(kind) ?? new Map<string, JsonObject>();
    this.#shown.set(kind, shown);
    const here = new Set(rows.map(idOf));
    const ghosts = [...shown].filter(([id]) => !here.has(id)).map(([, row]) => row);
    for (const row of rows) shown.set(idOf(row), row);
    return ghosts.length > 0 && dice.chance(share) ? [...rows, ...ghosts] : rows;
  }

  #single(ask: Ask, id: string, answer: HttpResponse, rules: readonly Armed[], now: number): HttpResponse {
    const past = this.#pastOf(ask.kind, id);
    if (answer.status === 200) this.#remember(ask.kind, id, answer.body, past);
    for (const { lie, share, dice } of rules) {
      const told = PAST[lie]?.(ask, answer, past, dice, now);
      if (told !== undefined && dice.chance(share)) return this.#told(lie, { ...answer, status: 200, body: told });
    }
    return answer;
  }

  #pastOf(kind: Kind, id: string): Past {
    const ofKind = this.#versions.get(kind) ?? new Map<string, readonly string[]>();
    this.#versions.set(kind, ofKind);
    const others = [...ofKind].filter(([other]) => other !== id).flatMap(([, bodies]) => bodies.slice(-1));
    return { versions: ofKind.get(id) ?? [], others };
  }

  #remember(kind: Kind, id: string, body: string, { versions }: Past): void {
    if (versions.at(-1) !== body) this.#versions.get(kind)?.set(id, [...versions.slice(1 - MOST_VERSIONS), body]);
  }
}

const rowsIn = (value: Json | undefined): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
