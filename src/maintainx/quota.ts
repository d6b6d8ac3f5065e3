import type { HttpResponse } from './http.ts';

/**
 * Who waits: a request of an earlier lane goes first.
 * person: somebody waits for the answer · hydrate: a webhook or a contradiction asks for one record · poll · sweep.
 */
export const LANES = ['person', 'hydrate', 'poll', 'sweep'] as const;
export type QuotaLane = (typeof LANES)[number];

/** What a principal has sent and may send. Times are epoch milliseconds. */
export interface QuotaState {
  /** When the requests of the last window were sent, oldest first. */
  readonly sent: readonly number[];
  /** Most requests in any window: the configured share, tightened by what the headers told. */
  readonly limit: number;
  /** The server said that nothing more is allowed before this time. */
  readonly closedUntil: number;
}

export const WINDOW_MS = 60_000;

export const freshQuota = (limit: number): QuotaState => ({ sent: [], limit, closedUntil: 0 });

/** Milliseconds until the next request may be sent; 0: now. At most `limit` in any sliding window. */
export function waitMs(state: QuotaState, now: number): number {
  const recent = state.sent.filter((time) => time > now - WINDOW_MS);
  const oldest = recent[recent.length - state.limit];
  const bySliding = oldest === undefined ? 0 : oldest + WINDOW_MS - now;
  return Math.max(0, bySliding, state.closedUntil - now);
}

export function afterSend(state: QuotaState, now: number): QuotaState {
  return { ...state, sent: [...state.sent.filter((time) => time > now - WINDOW_MS), now] };
}

/**
 * What an answer's headers teach. They tighten and never loosen: a smaller limit is believed, a larger one is not; with
 * nothing remaining the lane is closed until the window's end, and 429 closes it in any case.
 */
export function afterAnswer(state: QuotaState, answer: HttpResponse, now: number): QuotaState {
  const limit = numberOf(answer.headers['x-rate-limit-limit']);
  const remaining = numberOf(answer.headers['x-rate-limit-remaining']);
  const reset = numberOf(answer.headers['x-rate-limit-reset']);
  const tightened =
    limit !== undefined && limit > 0 ? Math.min(state.limit, Math.max(1, Math.floor(limit))) : state.limit;
  const exhausted = answer.status === 429 || remaining === 0;
  // Reset counts whole seconds; the part of a second that it hides is waited out too.
  const closedUntil = exhausted ? Math.max(state.closedUntil, now + resetMs(reset) + 1000) : state.closedUntil;
  return { ...state, limit: tightened, closedUntil };
}

/**
 * Milliseconds until the window ends, from Reset in seconds. Windows last a minute, so a larger value (a date, say) is
 * not believed: it must not close a lane for years.
 */
export function resetMs(seconds: number | undefined): number {
  if (seconds === undefined || seconds < 0) return WINDOW_MS;
  return Math.min(seconds * 1000, WINDOW_MS);
}

function numberOf(header: string | undefined): number | undefined {
  const value = header === undefined || header.trim() === '' ? Number.NaN : Number(header);
  return Number.isFinite(value) ? value : undefined;
}

/** Requests sent in the last window. */
export const usedIn = (state: QuotaState, now: number): number =>
  state.sent.filter((time) => time > now - WINDOW_MS).length;
