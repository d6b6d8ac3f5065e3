import { keyText } from '../records/index.ts';
import { READ_REASONS, type Except, type Wish } from './statements.ts';

/** Facts that a wish remembers; a record with more hooks than this between two reads is explained by the first. */
export const MOST_EXPLANATIONS = 50;

/** One wish a record: the most urgent reason, all explanations. */
export function mergeWishes(wishes: readonly Wish[]): readonly Wish[] {
  const merged = new Map<string, Wish>();
  for (const wish of wishes) {
    const known = merged.get(keyText(wish.key));
    merged.set(keyText(wish.key), mergeWish(known ?? { ...wish, explainedBy: [] }, wish));
  }
  return [...merged.values()];
}

/** Two wishes about one record as one. */
export function mergeWish(known: Wish, added: Wish): Wish {
  const urgent = READ_REASONS.indexOf(added.reason) < READ_REASONS.indexOf(known.reason);
  return {
    key: known.key,
    reason: urgent ? added.reason : known.reason,
    explainedBy: [...known.explainedBy, ...added.explainedBy].slice(0, MOST_EXPLANATIONS),
    released: known.released === true || added.released === true,
    toldAt: latest(known.toldAt ?? null, added.toldAt ?? null),
    notBefore: Math.min(known.notBefore ?? 0, added.notBefore ?? 0),
  };
}

const latest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);

/** What is due in any case, for who names no exception. */
export const NOTHING_EXCEPTED: Except = { reasons: [], kinds: [] };

/** Why a suspect waits: very many are missing at once, and a person is to say whether that is right. */
export const BRAKE = 'brake';
