import { backoff } from '../base/backoff.ts';
import type { Clock } from '../base/clock.ts';
import { isCoded } from '../base/coded-error.ts';
import type { Random } from '../base/random.ts';
import { raiseMaintainx, type Gate, type HttpResponse } from '../maintainx/index.ts';

/** Whether requests go out. Closed is the good state. Times are epoch milliseconds. */
export type BreakerState =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly retryAt: number; readonly opened: number }
  /** One request finds out whether MaintainX is back. */
  | { readonly state: 'half-open'; readonly opened: number };

/** Failures in a row that open it. */
const MOST_FAILURES = 5;
const LONGEST_MS = 60_000;
/** How soon others may look again while one request finds out. */
const PROBE_MS = 1_000;

export const CLOSED: BreakerState = { state: 'closed', failures: 0 };

/** May a request go out now? The first one after the pause is the probe. Pure. */
export function admit(
  before: BreakerState,
  now: number,
): { readonly state: BreakerState; readonly retryAt: number | null } {
  if (before.state === 'closed') return { state: before, retryAt: null };
  if (before.state === 'half-open') return { state: before, retryAt: now + PROBE_MS };
  if (before.retryAt > now) return { state: before, retryAt: before.retryAt };
  return { state: { state: 'half-open', opened: before.opened }, retryAt: null };
}

/** What became of a request: MaintainX answered · it is down · the request never went out, for a reason of ours. */
export type RequestEnd = 'answered' | 'down' | 'unasked';

/** After a request, however it ended. The pauses grow, with full jitter. Pure. */
export function after(before: BreakerState, end: RequestEnd, now: number, random: Random): BreakerState {
  if (before.state === 'open') return before;
  if (end === 'answered') return CLOSED;
  // The probe found nothing out: the next one may.
  if (end === 'unasked')
    return before.state === 'closed' ? before : { state: 'open', opened: before.opened, retryAt: now };
  const failures = before.state === 'closed' ? before.failures + 1 : MOST_FAILURES;
  if (failures < MOST_FAILURES) return { state: 'closed', failures };
  const opened = before.state === 'half-open' ? before.opened + 1 : 1;
  return { state: 'open', opened, retryAt: now + 1_000 + backoff(opened, random, 1_000, LONGEST_MS - 1_000) };
}

/** MaintainX is down: it answers 5xx, or not at all. Its refusals, and limits, are answers. */
const isDown = (answer: HttpResponse): boolean => answer.status >= 500;
const isOutage = (error: unknown): boolean =>
  isCoded(error, 'maintainx-unavailable', 'maintainx-timeout') && error.details['retryAt'] === undefined;

export interface Breaker {
  readonly gate: Gate;
  readonly state: () => BreakerState;
}

export interface BreakerOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Aborted: failures say nothing about MaintainX any more. */
  readonly signal: AbortSignal;
}

/**
 * A gate that stops asking a MaintainX that is down, one for each connection: refused at once, with `details.retryAt`, so
 * that work gives its lease back until then.
 */
export function createBreaker(inner: Gate, { clock, random, signal }: BreakerOptions): Breaker {
  let state = CLOSED;
  const settle = (end: RequestEnd): void => {
    if (!signal.aborted) state = after(state, end, clock.now(), random);
  };
  return {
    state: () => state,
    gate: async (lane, send, windows) => {
      const entry = admit(state, clock.now());
      state = entry.state;
      if (entry.retryAt !== null) throw resting(entry.retryAt);
      let isAsked = false;
      try {
        const answer = await inner(
          lane,
          () => {
            // It opened while this one waited for its place.
            if (state.state === 'open') throw resting(state.retryAt);
            isAsked = true;
            return send();
          },
          windows,
        );
        settle(isDown(answer) ? 'down' : 'answered');
        return answer;
      } catch (error) {
        settle(isOutage(error) ? 'down' : isAsked ? 'answered' : 'unasked');
        throw error;
      }
    },
  };
}

const resting = (retryAt: number): Error =>
  raiseMaintainx('maintainx-unavailable', 'MaintainX does not answer; it is tried again soon', { retryAt });
