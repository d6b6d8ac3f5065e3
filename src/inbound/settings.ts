import { isObject, objectOf, parseStored, type Json } from '../base/json.ts';
import {
  isKind,
  isListedKind,
  kindEntry,
  KINDS,
  type Kind,
  type ListedKind,
  type NestedEntry,
} from '../maintainx/index.ts';

export const WRITES = ['on', 'dry-run', 'off'] as const;
export type Writes = (typeof WRITES)[number];

/** What of an organisation is copied, and how it is kept. Times are epoch milliseconds, lengths milliseconds. */
export interface PullSettings {
  /** null: all but those that the catalogue calls optional. */
  readonly kinds: readonly Kind[] | null;
  /** Work orders and purchase orders created before are not copied, unless they change; null: all are. */
  readonly since: number | null;
  /** Whether what list rows lack is read by single GETs. */
  readonly details: 'all' | 'none';
  /** Whether the bytes of files are stored, besides what is known of them. */
  readonly files: 'all' | 'none';
  /** A person lets the first copy rest; webhooks, polling and sweeps go on. */
  readonly paused: boolean;
  /** Between two sweeps; null: the installation's. */
  readonly sweepIntervalMs: number | null;
  /** Whether anything is written to MaintainX: `dry-run` says what would be, `off` does not. */
  readonly writes: Writes;
  /** The part of what its user may send that the tenant uses, percent; null: the installation's. */
  readonly quotaShare: number | null;
  /** So many webhooks a second, or reads, trouble no other tenant: up to that none is held back; null: the installation's. */
  readonly fairPerSecond: number | null;
  /** So many database connections of a process work for the tenant at once, at most; null: half of those that there are. */
  readonly connections: number | null;
  /** For so many of the tenant's organisations a lane is at work at once, at most; null: half as many as a process has workers. */
  readonly workers: number | null;
  /** Between two single reads of a record of the kind; absent: the installation's, for kinds that need it. */
  readonly rereadMs: Readonly<Partial<Record<Kind, number>>>;
}

export const DEFAULT_SETTINGS: PullSettings = {
  kinds: null,
  since: null,
  details: 'all',
  files: 'none',
  paused: false,
  sweepIntervalMs: null,
  writes: 'on',
  quotaShare: null,
  fairPerSecond: null,
  connections: null,
  workers: null,
  rereadMs: {},
};

/** What is copied when nothing was chosen. */
export const DEFAULT_KINDS: readonly Kind[] = KINDS.filter((kind) => !kindEntry(kind).optional);

/** Kinds to copy, in the order in which a first copy is made; what hangs on another kind brings that along. */
export function kindsIn({ kinds }: Pick<PullSettings, 'kinds'>): readonly Kind[] {
  const named = kinds ?? DEFAULT_KINDS;
  const chosen = new Set([...named, ...named.flatMap((kind) => kindEntry(kind).nesting?.parent ?? [])]);
  return KINDS.filter((kind) => chosen.has(kind));
}

/** Those of them that are listed. */
export const listedIn = (settings: Pick<PullSettings, 'kinds'>): readonly ListedKind[] =>
  kindsIn(settings).filter(isListedKind);

/** Those of them that hang on another kind. */
export const nestedIn = (settings: Pick<PullSettings, 'kinds'>): readonly NestedEntry[] =>
  kindsIn(settings)
    .map((kind) => kindEntry(kind))
    .filter((entry) => entry.nesting !== undefined);

/** Kinds that grow without end: a horizon spares their past. What they point to is copied whole. */
const WITH_HORIZON: readonly Kind[] = ['work-order', 'purchase-order'];

/** From when on records of the kind are copied; null: all are. */
export function horizonOf({ since }: PullSettings, kind: Kind): number | null {
  return WITH_HORIZON.includes(kind) && kindEntry(kind).filters.includes('createdAt[gte]') ? since : null;
}

export function parseSettings(text: string): PullSettings {
  const {
    kinds,
    since,
    details,
    files,
    paused,
    sweepIntervalMs,
    writes,
    quotaShare,
    fairPerSecond,
    connections,
    workers,
    rereadMs,
  } = objectOf(parseStored(text));
  return {
    kinds: Array.isArray(kinds) ? kinds.filter((kind) => typeof kind === 'string').filter(isKind) : null,
    since: numberOrNull(since),
    details: details === 'none' ? 'none' : 'all',
    files: files === 'all' ? 'all' : 'none',
    paused: paused === true,
    sweepIntervalMs: numberOrNull(sweepIntervalMs),
    writes: WRITES.find((one) => one === writes) ?? DEFAULT_SETTINGS.writes,
    quotaShare: numberOrNull(quotaShare),
    fairPerSecond: numberOrNull(fairPerSecond),
    connections: numberOrNull(connections),
    workers: numberOrNull(workers),
    rereadMs: isObject(rereadMs) ? intervalsIn(rereadMs) : {},
  };
}

const numberOrNull = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null);

function intervalsIn(given: Readonly<Record<string, Json>>): PullSettings['rereadMs'] {
  const intervals: Partial<Record<Kind, number>> = {};
  for (const [kind, ms] of Object.entries(given)) if (isKind(kind) && typeof ms === 'number') intervals[kind] = ms;
  return intervals;
}
