import { isObject, objectOf, parseStored, type Json } from '../base/json.ts';
import { isKind, kindEntry, KINDS, type Kind } from '../maintainx/index.ts';

/** What of an organisation is copied, and how it is kept. Times are epoch milliseconds, lengths milliseconds. */
export interface PullSettings {
  /** null: all. */
  readonly kinds: readonly Kind[] | null;
  /** Work orders and purchase orders created before are not copied, unless they change; null: all are. */
  readonly since: number | null;
  /** Whether what list rows lack is read by single GETs. */
  readonly details: 'all' | 'none';
  /** A person lets the first copy rest; webhooks, polling and sweeps go on. */
  readonly paused: boolean;
  /** Between two sweeps; null: the installation's. */
  readonly sweepIntervalMs: number | null;
  /** Between two single reads of a record of the kind; absent: the installation's, for kinds that need it. */
  readonly rereadMs: Readonly<Partial<Record<Kind, number>>>;
}

export const DEFAULT_SETTINGS: PullSettings = {
  kinds: null,
  since: null,
  details: 'all',
  paused: false,
  sweepIntervalMs: null,
  rereadMs: {},
};

/** Kinds to copy, in the order in which a first copy is made. */
export const kindsIn = ({ kinds }: PullSettings): readonly Kind[] =>
  kinds === null ? KINDS : KINDS.filter((kind) => kinds.includes(kind));

/** Kinds that grow without end: a horizon spares their past. What they point to is copied whole. */
const WITH_HORIZON: readonly Kind[] = ['work-order', 'purchase-order'];

/** From when on records of the kind are copied; null: all are. */
export function horizonOf({ since }: PullSettings, kind: Kind): number | null {
  return WITH_HORIZON.includes(kind) && kindEntry(kind).filters.includes('createdAt[gte]') ? since : null;
}

export function parseSettings(text: string): PullSettings {
  const { kinds, since, details, paused, sweepIntervalMs, rereadMs } = objectOf(parseStored(text));
  return {
    kinds: Array.isArray(kinds) ? kinds.filter((kind) => typeof kind === 'string').filter(isKind) : null,
    since: numberOrNull(since),
    details: details === 'none' ? 'none' : 'all',
    paused: paused === true,
    sweepIntervalMs: numberOrNull(sweepIntervalMs),
    rereadMs: isObject(rereadMs) ? intervalsIn(rereadMs) : {},
  };
}

const numberOrNull = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null);

function intervalsIn(given: Readonly<Record<string, Json>>): PullSettings['rereadMs'] {
  const intervals: Partial<Record<Kind, number>> = {};
  for (const [kind, ms] of Object.entries(given)) if (isKind(kind) && typeof ms === 'number') intervals[kind] = ms;
  return intervals;
}
