import type { HttpResponse } from './http.ts';

/**
 * Who waits: a request of an earlier lane goes first.
 * person: somebody waits for the answer · write: a change is to be made · hydrate: a webhook or a contradiction asks for
 * one record · poll · sweep: lists, and reads of a first copy.
 */
export const LANES = ['person', 'write', 'hydrate', 'poll', 'sweep'] as const;
export type QuotaLane = (typeof LANES)[number];

/** What each lane gets of a window in any case, while it has something to send. */
const MINIMUM: Readonly<Record<QuotaLane, number>> = { person: 0, write: 0.1, hydrate: 0.1, poll: 0.1, sweep: 0.05 };

/** Places that a holder has taken and not yet reported back: requests that it is about to send, or that are under way. */
export interface Loan {
  readonly holder: string;
  readonly places: number;
  /** Not reported by then, the holder is dead, and its places count as used just then. */
  readonly until: number;
}

/** What MaintainX's headers allow while others use the same user. */
interface Cap {
  /** When MaintainX's window ends at the latest. */
  readonly until: number;
  readonly left: number;
  /** When it was told; null: nothing was told in this window yet. */
  readonly at: number | null;
}

/**
 * The window of one principal, shared by all who send in its name. Times are epoch milliseconds.
 * MaintainX counts a request somewhere between its sending and its answer. So a place is taken from the loan on, and free
 * again a whole window after the answer: no window of MaintainX's, wherever it begins, sees more of ours than the limit.
 */
export interface QuotaState {
  /** Most requests in any window: what was configured, tightened by the headers, and our share of that. */
  readonly limit: number;
  readonly windowMs: number;
  /** The smallest limit that headers told, and when. */
  readonly tightened: { readonly limit: number; readonly at: number } | null;
  readonly loans: readonly Loan[];
  /** When requests of the last window were answered, or failed; oldest first. */
  readonly ended: readonly number[];
  /** MaintainX said that nothing is allowed before this time. */
  readonly closedUntil: number;
  /** Others were seen to use the same user; until then the headers' word is a cap. */
  readonly foreignUntil: number;
  readonly cap: Cap | null;
}

/** A request that is over, and what its answer told of the limit. */
export interface Ended {
  readonly sentAt: number;
  readonly endedAt: number;
  readonly isLimited: boolean;
  readonly limit?: number;
  readonly remaining?: number;
  /** Seconds. */
  readonly reset?: number;
}

export interface Ask {
  readonly holder: string;
  /** Requests of this holder that are over since it last asked. */
  readonly ended: readonly Ended[];
  /** Places that it does not need after all. */
  readonly unused: number;
  /** Places that it could use now; 0: it only reports. */
  readonly want: number;
}

export interface Grant {
  /** At most what was wanted. */
  readonly places: number;
  /** When to ask for more. */
  readonly retryAt: number;
}

export interface QuotaRule {
  /** Most requests of the principal in any window. */
  readonly limit: number;
  readonly windowMs: number;
  /** The part of them that we may use, 0 to 1: people and other tools use the rest. */
  readonly share: number;
}

export const WINDOW_MS = 60_000;

/** Timers fire up to a millisecond early. */
const GUARD_MS = 2;
/** Longer than any request takes. */
const LOAN_MS = 60_000;
/** Others who use the same user are expected to come back within so many windows. */
const FOREIGN_WINDOWS = 10;
/** How long a word of the headers holds while others are about. */
const FRESH_MS = 500;
/** Answers are reported late by so much at most; what may be in their windows is remembered. */
const LATE_MS = 30_000;
/** What others may send while ours are on their way. */
const SPARE = 1;
/** How soon to look again when all places are under way. */
const LOOK_AGAIN_MS = 50;

/** A smaller limit that headers told is believed for a day: plans change. */
const TIGHTENED_MS = 24 * 3_600_000;

export const freshQuota = (rule: QuotaRule): QuotaState => ({
  limit: shareOf(rule, null),
  windowMs: rule.windowMs,
  tightened: null,
  loans: [],
  ended: [],
  closedUntil: 0,
  foreignUntil: 0,
  cap: null,
});

/** Takes a report in and gives places out. `rule` may have become smaller or larger since. Pure. */
export function exchange(
  before: QuotaState,
  rule: QuotaRule,
  ask: Ask,
  now: number,
): { readonly state: QuotaState; readonly grant: Grant } {
  const heard = ask.ended.reduce(learn, reported(within(before, rule, now), ask, now));
  const state = { ...heard, limit: shareOf(rule, heard.tightened) };
  const places = Math.max(0, Math.min(ask.want, roomIn(state, now), sliceOf(state)));
  const lent = places === 0 ? state : withLoan(state, ask.holder, places, now);
  return { state: lent, grant: { places, retryAt: places < ask.want ? retryAt(lent, now) : now } };
}

/** The most that one holder takes at once, so that others get their turn. */
const sliceOf = ({ limit }: QuotaState): number => Math.max(1, Math.floor(limit / 20));

/** Most of ours in a window. */
export const shareOf = ({ limit, share }: QuotaRule, tightened: QuotaState['tightened']): number =>
  Math.max(1, Math.floor(Math.min(limit, tightened?.limit ?? limit) * share));

/** Forgets what left the window; the loans of the dead end. */
function within(state: QuotaState, rule: QuotaRule, now: number): QuotaState {
  const { windowMs } = rule;
  const tightened = state.tightened !== null && state.tightened.at + TIGHTENED_MS > now ? state.tightened : null;
  const dead = state.loans.filter((loan) => loan.until <= now);
  const ends = dead.flatMap((loan) => Array.from({ length: loan.places }, () => loan.until));
  const oldest = now - windowMs - LATE_MS;
  return {
    ...state,
    limit: shareOf(rule, tightened),
    windowMs,
    tightened,
    loans: state.loans.filter((loan) => loan.until > now),
    ended: sorted([...state.ended, ...ends]).filter((time) => time > oldest),
    cap: state.cap !== null && state.cap.until > now ? state.cap : null,
  };
}

function reported(state: QuotaState, { holder, ended, unused }: Ask, now: number): QuotaState {
  const own = state.loans.find((loan) => loan.holder === holder)?.places ?? 0;
  const places = Math.max(0, own - ended.length - unused);
  const others = state.loans.filter((loan) => loan.holder !== holder);
  return {
    ...state,
    loans: places === 0 ? others : [...others, { holder, places, until: now + LOAN_MS }],
    ended: sorted([...state.ended, ...ended.map((one) => one.endedAt)]),
  };
}

const sorted = (times: readonly number[]): readonly number[] => [...times].sort((left, right) => left - right);

function withLoan(state: QuotaState, holder: string, more: number, now: number): QuotaState {
  const own = state.loans.find((loan) => loan.holder === holder)?.places ?? 0;
  const others = state.loans.filter((loan) => loan.holder !== holder);
  const { cap } = state;
  return {
    ...state,
    loans: [...others, { holder, places: own + more, until: now + LOAN_MS }],
    cap: cap === null ? firstOf(state, now) : { ...cap, left: cap.left - more },
  };
}

/** While others are about, the first request of a window finds out what they left. */
const firstOf = (state: QuotaState, now: number): Cap | null =>
  isForeign(state, now) ? { until: now + state.windowMs, left: 0, at: null } : null;

const isForeign = ({ foreignUntil }: QuotaState, now: number): boolean => foreignUntil > now;

const lentBy = ({ loans }: QuotaState): number => loans.reduce((sum, loan) => sum + loan.places, 0);

function roomIn(state: QuotaState, now: number): number {
  if (state.closedUntil > now) return 0;
  const room = state.limit - recent(state, now).length - lentBy(state);
  return isForeign(state, now) ? Math.min(room, roomBesideOthers(state, now)) : room;
}

/** What was told a while ago, others may have used since: one request finds out what is left. */
function roomBesideOthers(state: QuotaState, now: number): number {
  const { cap } = state;
  if (cap === null) return 1;
  const isFresh = cap.at === null || now - cap.at < FRESH_MS;
  return isFresh ? cap.left : lentBy(state) > 0 ? 0 : Math.min(1, cap.left);
}

/** Requests that a window of MaintainX's may still hold. */
const recent = ({ ended, windowMs }: QuotaState, now: number): readonly number[] =>
  ended.filter((time) => time > now - windowMs - GUARD_MS);

function retryAt(state: QuotaState, now: number): number {
  const { limit, windowMs, closedUntil, cap } = state;
  const ended = recent(state, now);
  const excess = ended.length + lentBy(state) - limit;
  const freed = excess < 0 ? now : (ended[excess] ?? now + LOOK_AGAIN_MS - windowMs - GUARD_MS) + windowMs + GUARD_MS;
  const isCapped = isForeign(state, now) && roomBesideOthers(state, now) <= 0;
  // With requests under way, their answers tell what is left.
  const capped = lentBy(state) > 0 ? now + LOOK_AGAIN_MS : (cap?.until ?? now);
  return Math.max(closedUntil, freed, isCapped ? capped : now, now + 1);
}

/**
 * What an answer teaches. Headers tighten and never loosen: a smaller limit is believed, a larger one is not. When more
 * is used up than we can have used, others use the same user: for a while what the headers leave is the most that is sent
 * until the window ends. 429 closes in any case.
 */
function learn(state: QuotaState, over: Ended): QuotaState {
  const { endedAt } = over;
  const told = over.limit !== undefined && over.limit > 0 ? Math.max(1, Math.floor(over.limit)) : undefined;
  const isTighter = told !== undefined && told < (state.tightened?.limit ?? Number.POSITIVE_INFINITY);
  const tightened = isTighter ? { limit: told, at: endedAt } : state.tightened;
  // Reset counts whole seconds; after a refusal the part of a second that it may hide is waited out too.
  const shut = endedAt + resetMs(over.reset, state.windowMs) + 1000;
  const closedUntil = over.isLimited ? Math.max(state.closedUntil, shut) : state.closedUntil;
  return learnOfOthers({ ...state, tightened, closedUntil }, over);
}

function learnOfOthers(state: QuotaState, over: Ended): QuotaState {
  const { sentAt, endedAt, limit, remaining, reset } = over;
  // Without headers nothing is known of others, and waiting for their word would be for ever.
  if (limit === undefined || remaining === undefined || reset === undefined || reset < 0)
    return state.cap?.at === null ? { ...state, cap: null, foreignUntil: 0 } : state;
  const length = resetMs(reset, state.windowMs);
  // Whatever of ours may be in their window: where it began is not known, and it may be a sliding one.
  const ours = state.ended.filter((time) => time >= sentAt - state.windowMs).length + lentBy(state);
  // A refusal is proof too: by our own count there was room.
  const isProven = over.isLimited || limit - remaining > ours;
  const foreignUntil = isProven ? endedAt + FOREIGN_WINDOWS * state.windowMs : state.foreignUntil;
  if (foreignUntil <= endedAt) return { ...state, cap: null };
  // Requests under way may have been counted or not: each takes one of what remains.
  const told = { until: endedAt + length, left: Math.max(0, remaining - lentBy(state) - SPARE), at: endedAt };
  return { ...state, foreignUntil, cap: tighterCap(state, told, endedAt) };
}

/** Within one window of MaintainX, the least that was told; its end is the earliest that any answer allows. */
function tighterCap({ cap, windowMs }: QuotaState, told: Cap, now: number): Cap {
  const isSameWindow = cap !== null && cap.at !== null && cap.until > now && told.until < cap.until + windowMs / 2;
  if (!isSameWindow) return told;
  return { until: Math.min(cap.until, told.until), left: Math.min(cap.left, told.left), at: told.at };
}

/**
 * Milliseconds until the window ends, from Reset in seconds. A value larger than a window (a date, say) is not believed:
 * it must not close a lane for years.
 */
export function resetMs(seconds: number | undefined, windowMs = WINDOW_MS): number {
  if (seconds === undefined || seconds < 0) return windowMs;
  return Math.min(seconds * 1000, windowMs);
}

/** What an answer, or its failure, tells of the limit. */
export function endedWith(answer: HttpResponse | null, sentAt: number, endedAt: number): Ended {
  const over = { sentAt, endedAt, isLimited: answer?.status === 429 };
  if (answer === null) return over;
  const told = {
    limit: numberOf(answer.headers['x-rate-limit-limit']),
    remaining: numberOf(answer.headers['x-rate-limit-remaining']),
    reset: numberOf(answer.headers['x-rate-limit-reset']),
  };
  return {
    ...over,
    ...(told.limit === undefined ? {} : { limit: told.limit }),
    ...(told.remaining === undefined ? {} : { remaining: told.remaining }),
    ...(told.reset === undefined ? {} : { reset: told.reset }),
  };
}

function numberOf(header: string | undefined): number | undefined {
  const value = header === undefined || header.trim() === '' ? Number.NaN : Number(header);
  return Number.isFinite(value) ? value : undefined;
}

/** Requests of the last window, and those under way. */
export const usedIn = (state: QuotaState, now: number): number =>
  state.ended.filter((time) => time > now - state.windowMs).length + lentBy(state);

type PerLane = Readonly<Record<QuotaLane, number>>;

/**
 * Which lane goes next: the most urgent one that waits, unless a waiting one had less than its minimum of the last
 * window. Minima never go twice in a row before somebody more urgent. Undefined: nobody waits. Pure.
 */
export function nextLane(
  waiting: PerLane,
  used: PerLane,
  limit: number,
  lastWasMinimum: boolean,
): { readonly lane: QuotaLane; readonly isMinimum: boolean } | undefined {
  const urgent = LANES.find((lane) => waiting[lane] > 0);
  if (urgent === undefined) return undefined;
  const starving = LANES.find((lane) => waiting[lane] > 0 && used[lane] < Math.floor(MINIMUM[lane] * limit));
  const isMinimum = starving !== undefined && starving !== urgent && !lastWasMinimum;
  return isMinimum ? { lane: starving, isMinimum } : { lane: urgent, isMinimum: false };
}

/** What goes out in one of the next minutes. */
export interface MinutePlan {
  readonly minute: number;
  readonly requests: PerLane;
}

/** What of a demand goes out in the next minutes, under limit and minima. Pure. */
export function planMinutes(state: QuotaState, demand: PerLane, now: number, minutes: number): readonly MinutePlan[] {
  const perMinute = (state.limit * 60_000) / state.windowMs;
  let left: PerLane = demand;
  return Array.from({ length: minutes }, (_, index) => {
    const minute = index + 1;
    const from = now + index * 60_000;
    const shut = Math.min(60_000, Math.max(0, state.closedUntil - from)) / 60_000;
    const taken = index === 0 ? usedIn(state, now) : 0;
    const requests = allotted(left, Math.max(0, Math.floor(perMinute * (1 - shut)) - taken), state.limit);
    left = perLane((lane) => left[lane] - requests[lane]);
    return { minute, requests };
  });
}

function allotted(demand: PerLane, room: number, limit: number): PerLane {
  const least = perLane((lane) => Math.min(demand[lane], Math.floor(MINIMUM[lane] * limit)));
  const requests: Record<QuotaLane, number> = perLane(() => 0);
  let free = room;
  for (const amount of [least, demand])
    for (const lane of LANES) {
      const more = Math.min(free, amount[lane] - requests[lane]);
      requests[lane] += Math.max(0, more);
      free -= Math.max(0, more);
    }
  return requests;
}

export const perLane = (of: (lane: QuotaLane) => number): Record<QuotaLane, number> => ({
  person: of('person'),
  write: of('write'),
  hydrate: of('hydrate'),
  poll: of('poll'),
  sweep: of('sweep'),
});
