import type { JsonObject } from '../base/json.ts';
import type { Normalized } from './normalize.ts';
import { isEmpty, sameValue } from './normalize.ts';
import type { HeldRecord, Observation } from './record.ts';

/** Fields that differ: what we held (absent: never told) and what the source says. */
export type Changes = Readonly<
  Record<string, { readonly before?: JsonObject[string]; readonly after: JsonObject[string] }>
>;

/**
 * What becomes of an observation. `recheck`: it contradicts what we hold but cannot win by itself; one single GET decides.
 */
export type Verdict =
  | { readonly verdict: 'appeared' }
  | { readonly verdict: 'changed'; readonly changes: Changes }
  | { readonly verdict: 'vanished'; readonly changes: Changes }
  | { readonly verdict: 'returned'; readonly changes: Changes }
  | { readonly verdict: 'same' | 'refused' | 'recheck' };

/** Decides one observation against what we hold. Pure; DESIGN section 2. */
export function judge(held: HeldRecord | undefined, observed: Observation, seen: Normalized | null): Verdict {
  if (seen === null) return judgeAbsence(held, observed);
  const tombstone = saysDeleted(seen);
  if (held === undefined) {
    if (!tombstone) return { verdict: 'appeared' };
    return { verdict: 'same' };
  }
  if (held.deletedAt !== null) return judgeReturn(held, observed, seen, tombstone);
  const changes = differences(held.state, seen.state);
  if (tombstone) return observed.source === 'list' ? { verdict: 'recheck' } : gone(held, observed, changes);
  return judgeChange(held, observed, seen, changes);
}

/** Fields of `told` that mean something else than in `held`. */
export function differences(held: JsonObject, told: JsonObject): Changes {
  const changes: Record<string, Changes[string]> = {};
  for (const [field, after] of Object.entries(told)) {
    const before = held[field];
    if (before === undefined) changes[field] = { after };
    else if (!sameValue(before, after)) changes[field] = { before, after };
  }
  return changes;
}

function judgeAbsence(held: HeldRecord | undefined, observed: Observation): Verdict {
  if (held === undefined || held.deletedAt !== null) return { verdict: 'same' };
  return gone(held, observed, {});
}

const gone = (held: HeldRecord, observed: Observation, changes: Changes): Verdict =>
  isLater(held, observed) ? { verdict: 'vanished', changes } : { verdict: 'recheck' };

/** A tombstone is lifted by a single GET alone: lists lag. */
function judgeReturn(held: HeldRecord, observed: Observation, seen: Normalized, tombstone: boolean): Verdict {
  if (tombstone) return { verdict: 'same' };
  if (observed.source === 'list' || !isLater(held, observed)) return { verdict: 'recheck' };
  return { verdict: 'returned', changes: differences(held.state, seen.state) };
}

function judgeChange(held: HeldRecord, observed: Observation, seen: Normalized, changes: Changes): Verdict {
  const order = compareTimes(seen.updatedAt, held.updatedAt);
  if (order === 'older') return { verdict: 'refused' };
  if (Object.keys(changes).length === 0) return { verdict: 'same' };
  if (order !== 'newer') {
    const listAgainstGet = observed.source === 'list' && held.readSource === 'get' && order === 'equal';
    if (listAgainstGet || !isLater(held, observed)) return { verdict: 'recheck' };
  }
  if (observed.source === 'list' && clears(changes)) return { verdict: 'recheck' };
  return { verdict: 'changed', changes };
}

/** Whether the read began after the last accepted one had ended, so that it cannot be the older of the two. */
const isLater = (held: HeldRecord, observed: Observation): boolean => observed.read.began > held.readEnded;

/** A list that omits a field may mean null, or may lag: one GET confirms before a value is cleared. */
const clears = (changes: Changes): boolean =>
  Object.values(changes).some(({ before, after }) => !isEmpty(before) && isEmpty(after));

const saysDeleted = (seen: Normalized): boolean => typeof seen.state['deletedAt'] === 'string';

function compareTimes(told: number | null, held: number | null): 'newer' | 'older' | 'equal' | 'unknown' {
  if (told === null || held === null) return 'unknown';
  if (told === held) return 'equal';
  return told > held ? 'newer' : 'older';
}
