import { objectOf, parseStored } from '../base/json.ts';
import type { StoredEvent } from '../log/index.ts';
import { HOOK_EVENTS, isHookEvent, isKind, kindEntry, type HookEvent, type Kind } from '../maintainx/index.ts';
import { timeOf } from '../records/index.ts';

/** How many records of a kind came to be or were deleted in a day, and of how many a webhook told. */
export interface HookCount {
  readonly kind: Kind;
  /** UTC, e.g. `2026-11-27`. */
  readonly day: string;
  readonly change: 'created' | 'deleted';
  readonly happened: number;
  readonly told: number;
}

export interface MissedHooksOptions {
  /** Since when each event's webhooks are subscribed, epoch milliseconds. */
  readonly subscribedSince: ReadonlyMap<SubscribedName, number>;
  /** What happened before is left out, and what happened later than `until`: a webhook may still come. */
  readonly from: number;
  readonly until: number;
}

/** Counts what webhooks told and what they did not, from a tenant's events in any order. */
export interface MissedHooks {
  add(event: Pick<StoredEvent, 'family' | 'stream' | 'type' | 'occurredAt' | 'data'>): void;
  counts(): readonly HookCount[];
}

type Change = HookCount['change'];

/** One organisation's webhooks of one event. */
export type SubscribedName = `${string} ${HookEvent}`;

export const subscribedName = (organizationId: string, event: HookEvent): SubscribedName =>
  `${organizationId} ${event}`;

/**
 * Creations and deletes are what can be counted exactly: each has one webhook of its own, and the copy shows it whether that
 * came or not. Several edits between two reads look like one.
 */
export function missedHooks({ subscribedSince, from, until }: MissedHooksOptions): MissedHooks {
  const happened = new Map<string, { readonly kind: Kind; readonly change: Change; readonly at: number }>();
  const told = new Set<string>();
  const note = (kind: Kind, change: Change, stream: string, at: number): void => {
    const event = EVENTS.get(`${kind}.${change}`);
    const [, organizationId = ''] = stream.split('/');
    const since = event === undefined ? undefined : subscribedSince.get(subscribedName(organizationId, event));
    if (since !== undefined && at >= Math.max(since, from) && at <= until)
      happened.set(`${change} ${stream}`, { kind, change, at });
  };
  return {
    add: ({ family, stream, type, occurredAt, data }) => {
      const [kind = '', what = ''] = type.split('.');
      if (!isKind(kind)) return;
      if (family === 'fact') {
        if (what !== 'created' && what !== 'deleted') return;
        told.add(`${what} ${stream}`);
        note(kind, what, stream, occurredAt);
        return;
      }
      if (what === 'vanished') note(kind, 'deleted', stream, occurredAt);
      if (what !== 'appeared') return;
      const createdAt = timeOf(objectOf(objectOf(parseStored(data))['record'])['createdAt']);
      if (createdAt !== null) note(kind, 'created', stream, createdAt);
    },
    counts: () => {
      const groups = Map.groupBy([...happened], ([, { kind, change, at }]) => `${dayOf(at)} ${kind} ${change}`);
      return [...groups.values()]
        .flatMap((all) => {
          const [first] = all;
          if (first === undefined) return [];
          const [, { kind, change, at }] = first;
          return {
            kind,
            change,
            day: dayOf(at),
            happened: all.length,
            told: all.filter(([name]) => told.has(name)).length,
          };
        })
        .toSorted((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
    },
  };
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
const nameOf = ({ day, kind, change }: HookCount): string => `${day} ${kind} ${change}`;

/** The webhook event of each creation and delete that the copy can date, by `<kind>.<change>`. */
const EVENTS: ReadonlyMap<string, HookEvent> = new Map(
  Object.keys(HOOK_EVENTS)
    .filter(isHookEvent)
    .filter((name) => {
      const { deletes, fact, records } = HOOK_EVENTS[name];
      const tellsBirth = records.every(({ kind }) => kindEntry(kind).list.fields.includes('createdAt'));
      return deletes === true || (fact.endsWith('.created') && tellsBirth);
    })
    .map((name) => [HOOK_EVENTS[name].fact, name]),
);
