import type { NewEvent } from '../log/index.ts';
import { detailFields, kindEntry, listTellsTime } from '../maintainx/index.ts';
import { judge, type Changes, type Verdict, type Why } from './judge.ts';
import { normalize, type Normalized } from './normalize.ts';
import { keyText, type HeldRecord, type Observation, type RecordKey } from './record.ts';
import { stateEvent, type StateChange } from './state-event.ts';
import type { RecordStatements } from './statements.ts';

/**
 * Why one single GET is wanted after an observation: `recheck` it contradicts what we hold and cannot win by itself;
 * `detail` the list row is a stub of a new or changed record.
 */
export type Want = 'recheck' | 'detail';

export interface Outcome {
  readonly key: RecordKey;
  readonly verdict: Verdict['verdict'];
  readonly why: Why;
  readonly wants: Want | null;
  /** Fields of the record that are other than before; at first sight all that were told. */
  readonly changed: readonly string[];
  /** What we hold now. */
  readonly held: HeldRecord | undefined;
}

export interface ObserveContext {
  readonly now: number;
  readonly newId: () => string;
}

export interface Observed {
  readonly outcomes: readonly Outcome[];
  /** State events of what changed: the caller appends them in the same transaction, as its last statement. */
  readonly events: readonly NewEvent[];
}

/** Locks the records, judges the observations in order and stores what they change. */
export async function observe(
  records: RecordStatements,
  observations: readonly Observation[],
  context: ObserveContext,
): Promise<Observed> {
  const locked = await records.lock(observations.map((one) => one.key));
  const { changed, ...observed } = judgeAll(locked, observations, context);
  await records.write(changed);
  return observed;
}

/** What observed records become, by what is held of them: for those who lock and write themselves. */
export function judgeAll(
  locked: ReadonlyMap<string, HeldRecord>,
  observations: readonly Observation[],
  context: ObserveContext,
): Observed & { readonly changed: readonly HeldRecord[] } {
  const held = new Map(locked);
  const written = new Map<string, HeldRecord>();
  const events: NewEvent[] = [];
  const outcomes = observations.map((observed) => {
    const key = keyText(observed.key);
    const step = decide(held.get(key), observed, context);
    if (step.after !== undefined) {
      held.set(key, step.after);
      written.set(key, step.after);
    }
    if (step.event !== null) events.push(step.event);
    const { verdict, why, wants, changed } = step;
    return { key: observed.key, verdict, why, wants, changed, held: held.get(key) };
  });
  return { outcomes, events, changed: [...written.values()] };
}

interface Step extends Pick<Outcome, 'verdict' | 'why' | 'wants' | 'changed'> {
  /** The record to be stored; undefined: nothing to store. */
  readonly after: HeldRecord | undefined;
  readonly event: NewEvent | null;
}

const UNCHANGED = { changed: [], after: undefined, event: null } as const;

function decide(held: HeldRecord | undefined, observed: Observation, context: ObserveContext): Step {
  const seen = observed.raw === null ? null : normalize(observed.key.kind, observed.source, observed.raw);
  const judged = judge(held, observed, seen);
  switch (judged.verdict) {
    case 'appeared':
    case 'changed':
    case 'vanished':
    case 'returned':
      return accepted(judged, held, observed, seen, context);
    case 'recheck':
      return { ...UNCHANGED, verdict: 'recheck', why: judged.why, wants: 'recheck' };
    case 'refused':
      return { ...UNCHANGED, verdict: 'refused', why: judged.why, wants: null };
    case 'same':
      return confirmed(judged.why, held, observed, seen);
  }
}

type Accepted = Extract<Verdict, { readonly verdict: StateChange }>;

function accepted(
  judged: Accepted,
  held: HeldRecord | undefined,
  observed: Observation,
  seen: Normalized | null,
  context: ObserveContext,
): Step {
  const { verdict: change, why } = judged;
  const changes = judged.verdict === 'appeared' ? {} : judged.changes;
  const told = change === 'appeared' ? (seen?.state ?? {}) : afterValues(changes);
  const after: HeldRecord = {
    ...readMarks(held, observed, seen),
    key: observed.key,
    version: (held?.version ?? 0) + 1,
    state: { ...held?.state, ...told },
    kept: { ...held?.kept, ...seen?.kept },
    firstSeenAt: held?.firstSeenAt ?? context.now,
    changedAt: context.now,
    deletedAt: change === 'vanished' ? observed.read.at : change === 'returned' ? null : (held?.deletedAt ?? null),
  };
  const event = stateEvent(change, after, changes, {
    eventId: context.newId(),
    now: context.now,
    occurredAt: change === 'vanished' ? observed.read.at : (seen?.updatedAt ?? observed.read.at),
    explainedBy: observed.explainedBy,
  });
  const wants = wantsDetail(after, observed) ? 'detail' : null;
  return { verdict: change, why, wants, changed: Object.keys(told), after, event };
}

/** A read that found no difference still counts as a read where only the order of reads can tell old from new. */
function confirmed(why: Why, held: HeldRecord | undefined, observed: Observation, seen: Normalized | null): Step {
  if (held === undefined || seen === null || held.deletedAt !== null)
    return { ...UNCHANGED, verdict: 'same', why, wants: null };
  const worthStoring = observed.source === 'get' || seen.updatedAt === null;
  const after = { ...held, ...readMarks(held, observed, seen), kept: { ...held.kept, ...seen.kept } };
  const wants = wantsDetail(held, observed) ? 'detail' : null;
  return { ...UNCHANGED, verdict: 'same', why, wants, after: worthStoring ? after : undefined };
}

type ReadMarks = Pick<HeldRecord, 'updatedAt' | 'readSource' | 'readEnded' | 'detailAt' | 'detailUpdatedAt'>;

function readMarks(held: HeldRecord | undefined, observed: Observation, seen: Normalized | null): ReadMarks {
  const updatedAt = seen?.updatedAt ?? held?.updatedAt ?? null;
  const isDetail = observed.source === 'get' && seen !== null;
  return {
    updatedAt,
    readSource: observed.source,
    readEnded: Math.max(held?.readEnded ?? 0, observed.read.ended),
    detailAt: isDetail ? observed.read.at : (held?.detailAt ?? null),
    detailUpdatedAt: isDetail ? updatedAt : (held?.detailUpdatedAt ?? null),
  };
}

/** Whether the record is known only by its list row, or its list row tells a change since the last single GET. */
function wantsDetail(held: HeldRecord, observed: Observation): boolean {
  const entry = kindEntry(held.key.kind);
  if (observed.source === 'get' || held.deletedAt !== null || detailFields(entry).length === 0) return false;
  if (held.detailAt === null) return true;
  return listTellsTime(entry) && (held.updatedAt ?? 0) > (held.detailUpdatedAt ?? 0);
}

const afterValues = (changes: Changes): HeldRecord['state'] =>
  Object.fromEntries(Object.entries(changes).map(([field, { after }]) => [field, after ?? null]));
