import {
  COLLECTIONS,
  detailFields,
  HOOK_EVENTS,
  isHookEvent,
  kindEntry,
  listTellsTime,
  type HookEvent,
  type Kind,
  type KindEntry,
  type NestedEntry,
  type Nesting,
} from '../maintainx/index.ts';

/**
 * Sorts of change, by what tells them. A list row is what a page of a list shows of a record; `silent` changes leave
 * `updatedAt` as it was, as time and cost entries of work orders do (FACTS 1.3).
 */
export type Change = 'created' | 'listed' | 'detail' | 'silent' | 'silent detail' | 'deleted';

/** What brings a change to us. `parent`: a field of the record that it is nested in moves. */
export type Way = 'webhook' | 'poll' | 'sweep' | 'reread' | 'parent';

/** How one sort of change of a kind becomes known. */
export interface Notice {
  readonly change: Change;
  /** Ways that bring every such change, the fastest first; none: it never becomes known. */
  readonly ways: readonly Way[];
  /** Webhooks that tell some of these changes, but not all. */
  readonly partly: readonly HookEvent[];
  /** At worst so long after it happened; null: never. */
  readonly withWebhooksMs: number | null;
  readonly withoutWebhooksMs: number | null;
}

/** How long each way takes at worst; milliseconds. */
export interface Delays {
  /** A request waits for its turn at most so long. */
  readonly waitMs: number;
  readonly pollMs: number;
  readonly sweepMs: number;
  /** null: records of the kind are not read again. */
  readonly rereadMs: number | null;
}

/** The part of a catalogue entry that decides how its changes become known. */
export interface Reach {
  readonly kind: Kind;
  readonly changesByTime: boolean;
  readonly listTellsTime: boolean;
  /** Whether it has a list of its own. */
  readonly isListed: boolean;
  /** Whether a single GET shows fields that a list row lacks. */
  readonly isStub: boolean;
  /** It hangs on another kind. */
  readonly nesting: Nesting | undefined;
}

export function reachOf(entry: KindEntry): Reach {
  const isNested = entry.nesting !== undefined;
  return {
    kind: entry.kind,
    changesByTime: entry.changesByTime,
    listTellsTime: !isNested && listTellsTime(entry),
    isListed: !isNested,
    isStub: !isNested && detailFields(entry).length > 0,
    nesting: entry.nesting,
  };
}

/** How each sort of change of a kind with a list becomes known. Pure. */
export function noticesOf(
  reach: Reach,
  delays: Delays,
  hooks: readonly HookEvent[],
  details: boolean,
): readonly Notice[] {
  const told = hooksAbout(reach.kind, hooks);
  const { isStub, changesByTime } = reach;
  const sweep = reach.isListed;
  const reread = delays.rereadMs !== null;
  const notice = (
    change: Change,
    webhook: readonly HookEvent[],
    ways: Ways,
    partly: readonly HookEvent[] = [],
  ): Notice => noticeOf(change, { ...ways, webhook: webhook.length > 0 }, partly, delays);
  const changed = { poll: changesByTime, sweep, reread };
  // A row tells that something changed; what, a single read tells.
  const detail = { poll: changesByTime && details, sweep: reach.listTellsTime && details, reread };
  return [
    notice('created', told.creations, { poll: changesByTime, sweep }),
    notice('listed', told.edits, changed, told.others),
    ...(isStub ? [notice('detail', told.edits, detail, told.others)] : []),
    ...(reach.listTellsTime ? [notice('silent', [], { sweep, reread })] : []),
    ...(reach.listTellsTime && isStub ? [notice('silent detail', [], { reread })] : []),
    notice('deleted', told.deletes, { sweep, reread }),
  ];
}

/** What tells the changes of a nested kind. */
export interface NestedDelays {
  readonly waitMs: number;
  /** Between two reads of the rows, with their parent or by themselves; null: they are not read again. */
  readonly rereadMs: number | null;
  /** Notices of the parent. */
  readonly parent: readonly Notice[];
}

/** How changes of a nested kind become known: by what its parent shows, or when the rows are read again. Pure. */
export function nestedNotices(
  { kind, nesting }: NestedEntry,
  delays: NestedDelays,
  hooks: readonly HookEvent[],
): readonly Notice[] {
  const { waitMs, rereadMs, parent } = delays;
  const carrier = carrierOf(nesting, parent);
  // The parent first, then the rows.
  const slow: Delays = { waitMs: 2 * waitMs, pollMs: 0, sweepMs: 0, rereadMs };
  const told = COLLECTIONS[kind].events.some((event) => hooks.includes(event));
  const notice = (change: Change, byParent: boolean, webhook = false): Notice => {
    const alone = noticeOf(change, { reread: rereadMs !== null, webhook }, [], slow);
    if (!byParent || carrier === undefined) return alone;
    return {
      ...alone,
      ways: ['parent', ...alone.ways],
      withWebhooksMs: soonest(alone.withWebhooksMs, plus(carrier.withWebhooksMs, waitMs)),
      withoutWebhooksMs: soonest(alone.withoutWebhooksMs, plus(carrier.withoutWebhooksMs, waitMs)),
    };
  };
  return [notice('created', true, told), notice('listed', !nesting.withParent), notice('deleted', true)];
}

/** The sort of change of the parent that shows that rows came or went; they leave its `updatedAt` as it was. */
function carrierOf({ parent, moves }: Nesting, notices: readonly Notice[]): Notice | undefined {
  const onlyAlone = moves.every((field) => detailFields(kindEntry(parent)).includes(field));
  const order: readonly Change[] = onlyAlone ? ['silent detail', 'detail'] : ['silent', 'listed'];
  return moves.length === 0
    ? undefined
    : order.map((change) => notices.find((one) => one.change === change)).find((one) => one !== undefined);
}

type Ways = Readonly<Partial<Record<Way, boolean>>>;

function noticeOf(change: Change, ways: Ways, partly: readonly HookEvent[], delays: Delays): Notice {
  const taken = WAYS.filter((way) => ways[way] === true)
    .map((way) => ({ way, ms: delayOf(way, change, delays) }))
    .sort((left, right) => left.ms - right.ms);
  const least = (all: readonly { readonly ms: number }[]): number | null => all[0]?.ms ?? null;
  return {
    change,
    ways: taken.map(({ way }) => way),
    partly,
    withWebhooksMs: least(taken),
    withoutWebhooksMs: least(taken.filter(({ way }) => way !== 'webhook')),
  };
}

const WAYS: readonly Way[] = ['webhook', 'poll', 'sweep', 'reread'];

function delayOf(way: Way, change: Change, { waitMs, pollMs, sweepMs, rereadMs }: Delays): number {
  // What a list cannot show, or show to be gone, is asked for by a request of its own.
  const single = change === 'detail' || change === 'deleted' ? waitMs : 0;
  switch (way) {
    case 'webhook':
      return waitMs;
    case 'poll':
      return pollMs + waitMs + single;
    case 'sweep':
      return sweepMs + waitMs + single;
    case 'reread':
    case 'parent':
      return (rereadMs ?? Infinity) + waitMs;
  }
}

interface HooksAbout {
  readonly creations: readonly HookEvent[];
  /** Tell every edit. */
  readonly edits: readonly HookEvent[];
  readonly deletes: readonly HookEvent[];
  /** Tell one sort of edit each, such as a new status. */
  readonly others: readonly HookEvent[];
}

function hooksAbout(kind: Kind, hooks: readonly HookEvent[]): HooksAbout {
  const about = hooks.filter((hook) => HOOK_EVENTS[hook].records.some((one) => one.kind === kind));
  const ending = (end: string): readonly HookEvent[] => about.filter((hook) => HOOK_EVENTS[hook].fact.endsWith(end));
  const [creations, edits] = [ending('.created'), ending('.edited')];
  const deletes = about.filter((hook) => HOOK_EVENTS[hook].deletes === true);
  const known = new Set([...creations, ...edits, ...deletes]);
  return { creations, edits, deletes, others: about.filter((hook) => !known.has(hook)) };
}

/** Events of webhooks by name, where they are known. */
export const hookEventsIn = (names: readonly string[]): readonly HookEvent[] => names.filter(isHookEvent);

const plus = (ms: number | null, more: number): number | null => (ms === null ? null : ms + more);
const soonest = (left: number | null, right: number | null): number | null =>
  left === null || right === null ? (left ?? right) : Math.min(left, right);
