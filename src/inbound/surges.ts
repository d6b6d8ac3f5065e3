import { detailFields, comparedFields, kindEntry, type Kind } from '../maintainx/index.ts';
import { keyText } from '../records/index.ts';
import type { Hydration } from './statements.ts';

/** Records of one kind that are worth another walk while a surge is on. */
const LEAST = 10;
/** It goes on while webhooks tell of more records a second than this; fewer are read one by one. */
const STEADY_PER_SECOND = 300;
/** Between two walks through the list while a surge is on; each makes the next pause longer. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
/** Records to be read alone that are remembered. */
const MOST_ALONE = 10_000;

/** A kind of which webhooks tell more at once than single reads are worth. */
interface Surge {
  readonly connectionId: string;
  readonly kind: Kind;
  /** When the walk began, and until when it rests after it. */
  readonly began: number;
  readonly until: number;
  readonly pauseMs: number;
}

/** What a process knows of surges, by connection. Losing it costs some requests, never a change. */
export interface Surges {
  /** Kinds that rest between two walks, and until when the first of them does. */
  resting(connectionId: string, now: number): { readonly kinds: readonly Kind[]; readonly until: number | null };
  /** Whether these, the most urgent ones, may be part of a surge: then all that are due are to be looked at. */
  mayBeOn(connectionId: string, due: readonly Hydration[], limit: number): boolean;
  /** Of all that are due, those of one kind to be read by pages of its list now: a surge begins, or goes on. */
  caught(connectionId: string, due: readonly Hydration[], now: number): readonly Hydration[];
  /** A walk is over: the kind rests, or the surge is. What the walk did not show as new as it was told is to be read alone. */
  walked(connectionId: string, kind: Kind, walk: Walk): void;
}

/** Times are epoch milliseconds. */
export interface Walk {
  readonly began: number;
  readonly ended: number;
  /** How many records it was for. */
  readonly records: number;
  /** What it left open. */
  readonly left: readonly Hydration[];
  /** Drawn at its end: later wishes for the same records may be fulfilled by pages again. */
  readonly ticket: number;
}

/** `records`: so many of one kind that are due at once begin a surge. */
export function createSurges(records: number): Surges {
  const surges = new Map<string, Surge>();
  const alone = new Map<string, number>();
  const least = Math.min(LEAST, records);
  const surgesOf = (connectionId: string): readonly (Surge & { readonly name: string })[] =>
    [...surges].filter(([, one]) => one.connectionId === connectionId).map(([name, one]) => ({ name, ...one }));
  const nameOf = (connectionId: string, { key }: Hydration): string => `${connectionId}/${keyText(key)}`;
  const isForPages = (connectionId: string, one: Hydration): boolean =>
    one.reason === 'hook' && one.toldAt !== null && one.wanted > (alone.get(nameOf(connectionId, one)) ?? 0);
  return {
    resting: (connectionId, now) => {
      const resting = surgesOf(connectionId).filter(({ until }) => until > now);
      const until = resting.length === 0 ? null : Math.min(...resting.map((one) => one.until));
      return { kinds: resting.map(({ kind }) => kind), until };
    },
    mayBeOn: (connectionId, due, limit) => {
      const hooks = due.filter((one) => one.reason === 'hook').length;
      return hooks >= limit || (hooks > 0 && surgesOf(connectionId).length > 0);
    },
    caught: (connectionId, due, now) => {
      const byKind = Map.groupBy(
        due.filter((one) => isToldByRow(one.key.kind) && isForPages(connectionId, one)),
        (one) => one.key.kind,
      );
      for (const { name, kind, until } of surgesOf(connectionId))
        if (until <= now && (byKind.get(kind)?.length ?? 0) < least) surges.delete(name);
      const isCaught = ([kind, { length }]: readonly [Kind, readonly Hydration[]]): boolean =>
        length >= (surges.has(`${connectionId}/${kind}`) ? least : records);
      return [...byKind].find(isCaught)?.[1] ?? [];
    },
    walked: (connectionId, kind, { began, ended, records: count, left, ticket }) => {
      const name = `${connectionId}/${kind}`;
      const before = surges.get(name);
      const pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * (before?.pauseMs ?? FIRST_PAUSE_MS / 2));
      if (before !== undefined && isSteady(count, began - before.began)) surges.delete(name);
      else surges.set(name, { connectionId, kind, began, until: ended + pauseMs, pauseMs });
      if (alone.size > MOST_ALONE) alone.clear();
      for (const one of left) alone.set(nameOf(connectionId, one), ticket);
    },
  };
}

/** Whether records that came in this time are few enough to be read one by one. */
const isSteady = (records: number, ms: number): boolean => records * 1_000 <= STEADY_PER_SECOND * ms;

/** Whether a list row tells more of a record than it lacks, and the list can be asked for what changed last. */
function isToldByRow(kind: Kind): boolean {
  const entry = kindEntry(kind);
  return entry.changesByTime && comparedFields(entry, entry.list).length > detailFields(entry).length;
}
