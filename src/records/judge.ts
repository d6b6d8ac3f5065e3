import type { JsonObject } from '../base/json.ts';
import type { Normalized } from './normalize.ts';
import { isEmpty, sameValue } from './normalize.ts';
import type { HeldRecord, Observation } from './record.ts';

/** Fields that differ: what we held (absent: never told) and what the source says. */
export type Changes = Readonly<
  Record<string, { readonly before?: JsonObject[string]; readonly after: JsonObject[string] }>
>;

/**
 * What becomes of an observation, and why. `recheck`: it contradicts what we hold but cannot win by itself; one single
 * GET decides.
 */
export type Verdict =
  | { readonly verdict: 'appeared'; readonly why: 'first-sight' }
  | { readonly verdict: 'changed'; readonly changes: Changes; readonly why: WhyChanged }
  | { readonly verdict: 'vanished'; readonly changes: Changes; readonly why: 'absence-confirmed' | 'marked-deleted' }
  | { readonly verdict: 'returned'; readonly changes: Changes; readonly why: 'tombstone-lifted' }
  | { readonly verdict: 'same'; readonly why: WhySame }
  | { readonly verdict: 'refused'; readonly why: 'stale-read-refused' }
  | { readonly verdict: 'recheck'; readonly why: WhyRecheck };

/** It is newer, or the later of two reads between which `updatedAt` cannot choose. */
type WhyChanged =
  'newer-accepted' | 'tie-later-read-won' | 'untimed-later-read-won' | 'clearing-confirmed' | 'older-confirmed';

type WhySame = 'unchanged' | 'deleted-before-first-sight' | 'tombstone-confirmed';

type WhyRecheck =
  | 'tie-overtaken-read'
  | 'untimed-overtaken-read'
  | 'older-in-later-read'
  | 'tie-list-against-get'
  | 'clearing-in-list'
  | 'absence-overtaken'
  | 'deletion-in-list'
  | 'deletion-overtaken'
  | 'tombstone-in-list'
  | 'return-overtaken';

/** Every reason that the judge gives. */
export type Why = Verdict['why'];

/** Decides one observation against what we hold. Pure; DESIGN section 2. */
export function judge(held: HeldRecord | undefined, observed: Observation, seen: Normalized | null): Verdict {
  if (seen === null) return judgeAbsence(held, observed);
  const tombstone = saysDeleted(seen);
  if (held === undefined)
    return tombstone
      ? { verdict: 'same', why: 'deleted-before-first-sight' }
      : { verdict: 'appeared', why: 'first-sight' };
  if (held.deletedAt !== null) return judgeReturn(held, observed, seen, tombstone);
  if (tombstone) return judgeDeletion(held, observed, seen);
  return judgeChange(held, observed, seen, differences(held.state, seen.state));
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
  if (held === undefined) return { verdict: 'same', why: 'deleted-before-first-sight' };
  if (held.deletedAt !== null) return { verdict: 'same', why: 'tombstone-confirmed' };
  return isLater(held, observed)
    ? { verdict: 'vanished', changes: {}, why: 'absence-confirmed' }
    : { verdict: 'recheck', why: 'absence-overtaken' };
}

/** A record that says of itself that it is deleted. A list's word is not enough: lists lag. */
function judgeDeletion(held: HeldRecord, observed: Observation, seen: Normalized): Verdict {
  if (observed.source === 'list') return { verdict: 'recheck', why: 'deletion-in-list' };
  if (!isLater(held, observed)) return { verdict: 'recheck', why: 'deletion-overtaken' };
  return { verdict: 'vanished', changes: differences(held.state, seen.state), why: 'marked-deleted' };
}

/** A tombstone is lifted by a single GET alone: lists lag. */
function judgeReturn(held: HeldRecord, observed: Observation, seen: Normalized, tombstone: boolean): Verdict {
  if (tombstone) return { verdict: 'same', why: 'tombstone-confirmed' };
  if (observed.source === 'list') return { verdict: 'recheck', why: 'tombstone-in-list' };
  if (!isLater(held, observed)) return { verdict: 'recheck', why: 'return-overtaken' };
  return { verdict: 'returned', changes: differences(held.state, seen.state), why: 'tombstone-lifted' };
}

function judgeChange(held: HeldRecord, observed: Observation, seen: Normalized, changes: Changes): Verdict {
  const order = compareTimes(seen.updatedAt, held.updatedAt);
  if (order === 'older') return judgeOlder(held, observed, changes);
  if (Object.keys(changes).length === 0) return { verdict: 'same', why: 'unchanged' };
  if (order === 'equal' && observed.source === 'list' && held.readSource === 'get')
    return { verdict: 'recheck', why: 'tie-list-against-get' };
  if (order !== 'newer' && !isLater(held, observed))
    return { verdict: 'recheck', why: order === 'equal' ? 'tie-overtaken-read' : 'untimed-overtaken-read' };
  if (!clears(changes)) return { verdict: 'changed', changes, why: ACCEPTED[order] };
  return observed.source === 'list'
    ? { verdict: 'recheck', why: 'clearing-in-list' }
    : { verdict: 'changed', changes, why: 'clearing-confirmed' };
}

/**
 * An older `updatedAt` is a stale read, as a rule. But a single GET that began after all that we know may be right: a list
 * told a time that was none, or MaintainX's clock was set back. So it is asked again, and believed when it insists.
 */
function judgeOlder(held: HeldRecord, observed: Observation, changes: Changes): Verdict {
  if (observed.source === 'list' || !isLater(held, observed)) return { verdict: 'refused', why: 'stale-read-refused' };
  return observed.insists
    ? { verdict: 'changed', changes, why: 'older-confirmed' }
    : { verdict: 'recheck', why: 'older-in-later-read' };
}

const ACCEPTED = {
  newer: 'newer-accepted',
  equal: 'tie-later-read-won',
  unknown: 'untimed-later-read-won',
} as const satisfies Record<string, WhyChanged>;

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
