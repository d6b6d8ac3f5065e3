import { isObject, parseJson, type JsonObject } from '../../src/base/json.ts';
import { kindEntry, type HttpResponse } from '../../src/maintainx/index.ts';
import type { Dice } from '../../src/sandbox/seed/dice.ts';
import type { Ask } from './ask.ts';
import type { Lie } from './lie-rule.ts';

/** What single GETs have told so far. */
export interface Past {
  /** Bodies that were told of this record, oldest first. */
  readonly versions: readonly string[];
  /** The last body that was told of each other record of the kind. */
  readonly others: readonly string[];
}

type TellPast = (ask: Ask, answer: HttpResponse, past: Past, dice: Dice, now: number) => string | undefined;

/** Lies of single GETs that are answers of another time or about another record: the body, if there is one to tell. */
export const PAST: Readonly<Partial<Record<Lie, TellPast>>> = {
  'stale GET': (_ask, answer, { versions }, dice) =>
    answer.status === 200 ? dice.maybe(versions.filter((body) => body !== answer.body)) : undefined,
  'other record': (_ask, answer, { others }, dice) => (answer.status === 200 ? dice.maybe(others) : undefined),
  'soft delete': (ask, answer, { versions }, _dice, now) => {
    const last = versions.at(-1);
    return answer.status === 404 && last !== undefined ? markedDeleted(ask, last, now) : undefined;
  },
};

function markedDeleted({ kind }: Ask, body: string, now: number): string {
  const entry = kindEntry(kind);
  const singleKey = entry.nesting === undefined ? entry.singleKey : null;
  if (singleKey === null) return body;
  const envelope = objectIn(body);
  const record = isObject(envelope[singleKey]) ? envelope[singleKey] : {};
  return JSON.stringify({ ...envelope, [singleKey]: { ...record, deletedAt: new Date(now).toISOString() } });
}

export function objectIn(body: string): JsonObject {
  const parsed = parseJson(body);
  return 'value' in parsed && isObject(parsed.value) ? parsed.value : {};
}
