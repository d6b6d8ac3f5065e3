export interface Pairs<Value> {
  readonly pairs: readonly (readonly [known: Value, given: Value])[];
  readonly removed: readonly Value[];
  readonly added: readonly Value[];
}

/** Finds for each known value the given one with the same key; by the first key, then those left by the next. */
export function pairBy<Value>(
  known: readonly Value[],
  given: readonly Value[],
  keys: readonly ((value: Value) => string)[],
): Pairs<Value> {
  const removed = new Set(known);
  const added = new Set(given);
  const pairs: (readonly [Value, Value])[] = [];
  for (const keyOf of keys) {
    const at = new Map([...added].map((one) => [keyOf(one), one]));
    for (const left of removed) {
      const right = at.get(keyOf(left));
      if (right === undefined || !added.delete(right)) continue;
      removed.delete(left);
      pairs.push([left, right]);
    }
  }
  return { pairs, removed: [...removed], added: [...added] };
}
