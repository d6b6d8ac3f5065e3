import { isObject, parseJson, type Json, type JsonObject } from '../../src/base/json.ts';
import { kindEntry, type HttpResponse, type Kind } from '../../src/maintainx/index.ts';
import type { Dice } from '../../src/sandbox/seed/dice.ts';
import type { Ask } from './ask.ts';
import { diceFor } from './chance.ts';
import type { Lie, LieRule } from './lie-rule.ts';
import { PAGE_LIES, type PageLie } from './page-lies.ts';

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
  readonly #versions = new Map<string, string[]>();
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
    for (const rule of this.#active(ask, now)) {
      const answer = insteadOf(rule.lie, ask);
      if (answer !== undefined && rule.dice.chance(rule.share)) return this.#told(rule.lie, answer);
    }
    return undefined;
  }

  /** What becomes of MaintainX's answer. */
  told(ask: Ask, answer: HttpResponse, now: number): HttpResponse {
    if (this.#isOver) return answer;
    const rules = this.#active(ask, now);
    const told = ask.id === null ? this.#page(ask, answer, rules, now) : this.#single(ask, answer, rules, now);
    const dateless = rules.find(({ lie, dice, share }) => lie === 'no Date' && dice.chance(share));
    if (dateless === undefined) return told;
    const { date: _date, ...headers } = told.headers;
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

  #page({ kind }: Ask, answer: HttpResponse, rules: readonly Armed[], now: number): HttpResponse {
    const liars = rules.filter(({ lie }) => isPageLie(lie) || lie === 'ghost row');
    if (liars.length === 0 || answer.status !== 200) return answer;
    const body = objectIn(answer.body);
    const { listKey } = kindEntry(kind);
    const rows = rowsIn(body[listKey]);
    const ghosts = liars.find(({ lie, dice, share }) => lie === 'ghost row' && dice.chance(share));
    let told = ghosts === undefined ? rows : this.#withGhosts(kind, rows);
    if (ghosts !== undefined && told !== rows) this.#told('ghost row', told);
    for (const { lie, share, dice } of liars) {
      if (!isPageLie(lie)) continue;
      const before = told;
      told = PAGE_LIES[lie](before, share, dice, now);
      if (told !== before) this.#told(lie, told);
    }
    return told === rows ? answer : { ...answer, body: JSON.stringify({ ...body, [listKey]: told }) };
  }

  /** With rows that were on earlier pages and may be gone by now. */
  #withGhosts(kind: Kind, rows: readonly JsonObject[]): readonly JsonObject[] {
    const shown = this.#shown.get(kind) ?? new Map<string, JsonObject>();
    this.#shown.set(kind, shown);
    const here = new Set(rows.map((row) => String(row['id'])));
    const ghosts = [...shown].filter(([id]) => !here.has(id)).map(([, row]) => row);
    for (const row of rows) shown.set(String(row['id']), row);
    return ghosts.length === 0 ? rows : [...rows, ...ghosts];
  }

  #single(ask: Ask, answer: HttpResponse, rules: readonly Armed[], now: number): HttpResponse {
    const key = `${ask.kind}/${ask.id}`;
    const versions = this.#versions.get(key) ?? [];
    if (answer.status === 200 && versions.at(-1) !== answer.body)
      this.#versions.set(key, [...versions.slice(1 - MOST_VERSIONS), answer.body]);
    for (const { lie, share, dice } of rules) {
      const told = this.#past(lie, ask, answer, versions, dice, now);
      if (told !== undefined && dice.chance(share)) return this.#told(lie, { ...answer, status: 200, body: told });
    }
    return answer;
  }

  /** A lie that is an answer of another time or about another record, if there is one to tell. */
  #past(
    lie: Lie,
    ask: Ask,
    answer: HttpResponse,
    versions: readonly string[],
    dice: Dice,
    now: number,
  ): string | undefined {
    const isGone = answer.status === 404;
    switch (lie) {
      case 'stale GET': {
        const earlier = versions.filter((body) => body !== answer.body);
        return answer.status === 200 ? dice.maybe(earlier) : undefined;
      }
      case 'other record': {
        const others = [...this.#versions.keys()].filter((key) => key.startsWith(`${ask.kind}/`));
        const other = this.#versions.get(dice.maybe(others) ?? '')?.at(-1);
        return answer.status === 200 && other !== answer.body ? other : undefined;
      }
      case 'soft delete': {
        const last = versions.at(-1);
        return isGone && last !== undefined ? markedDeleted(ask, last, now) : undefined;
      }
      default:
        return undefined;
    }
  }
}

function insteadOf(lie: Lie, { kind, id, cursor }: Ask): HttpResponse | undefined {
  switch (lie) {
    case 'permission lost, 404':
      if (id !== null) return json(404, { errors: [{ error: 'Not found' }] });
      return json(200, { [kindEntry(kind).listKey]: [], nextCursor: null, nextPageUrl: null });
    case 'permission lost, 403':
      return json(403, { errors: [{ error: 'Forbidden' }] });
    case 'absent GET':
      return id === null ? undefined : json(404, { error: 'Not found' });
    case 'HTML with 200':
      return text(200, 'text/html', '<html><body>Please sign in to the guest network.</body></html>');
    case 'empty with 200':
      return text(200, 'application/json', '');
    case 'proxy 404':
      return text(404, 'text/plain', 'no such host');
    case 'cursor refused':
      return cursor === null ? undefined : json(400, { errors: [{ error: 'Invalid cursor', fieldPath: 'cursor' }] });
    default:
      return undefined;
  }
}

function json(status: number, body: Json): HttpResponse {
  return text(status, 'application/json; charset=utf-8', JSON.stringify(body));
}

const text = (status: number, type: string, body: string): HttpResponse => ({
  status,
  headers: { 'content-type': type },
  body,
});

function markedDeleted({ kind }: Ask, body: string, now: number): string {
  const { singleKey } = kindEntry(kind);
  const envelope = objectIn(body);
  const record = isObject(envelope[singleKey]) ? envelope[singleKey] : {};
  return JSON.stringify({ ...envelope, [singleKey]: { ...record, deletedAt: new Date(now).toISOString() } });
}

function objectIn(body: string): JsonObject {
  const parsed = parseJson(body);
  return 'value' in parsed && isObject(parsed.value) ? parsed.value : {};
}

const rowsIn = (value: Json | undefined): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
