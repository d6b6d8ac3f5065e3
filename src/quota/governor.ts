import type { Clock } from '../base/clock.ts';
import {
  afterAnswer,
  afterSend,
  freshQuota,
  LANES,
  usedIn,
  waitMs,
  type Gate,
  type HttpResponse,
  type QuotaLane,
  type QuotaState,
} from '../maintainx/index.ts';

/** What a principal has used of its quota in the last minute. */
export interface QuotaUse {
  readonly used: number;
  readonly limit: number;
  readonly waiting: number;
}

/** Lets requests of one principal through, at most its limit a minute, the most urgent lane first. */
export interface Governor {
  readonly gate: Gate;
  use(): QuotaUse;
}

export interface GovernorOptions {
  readonly requestsPerMinute: number;
  readonly clock: Clock;
  /** Aborted: nothing more is sent, and what waits is turned away. */
  readonly signal: AbortSignal;
}

interface Waiter {
  readonly lane: QuotaLane;
  readonly admit: () => void;
  readonly refuse: (reason: Error) => void;
}

/**
 * A governor for one principal in this process. Requests of one lane go in the order in which they came.
 * `requestsPerMinute` is what may be used; MaintainX's headers tighten it.
 */
export function createGovernor(options: GovernorOptions): Governor {
  let state: QuotaState = freshQuota(options.requestsPerMinute);
  const waiting: Waiter[] = [];
  let pumping = false;

  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    while (waiting.length > 0 && !options.signal.aborted) {
      const wait = waitMs(state, options.clock.now());
      if (wait > 0) await options.clock.sleep(wait, options.signal);
      else admitNext();
    }
    pumping = false;
    if (options.signal.aborted)
      for (const waiter of waiting.splice(0)) waiter.refuse(new Error('the process is stopping'));
  }

  function admitNext(): void {
    const next = LANES.map((lane) => waiting.findIndex((one) => one.lane === lane)).find((index) => index >= 0) ?? 0;
    const [waiter] = waiting.splice(next, 1);
    state = afterSend(state, options.clock.now());
    waiter?.admit();
  }

  const admitted = (lane: QuotaLane): Promise<void> =>
    new Promise((admit, refuse) => {
      waiting.push({ lane, admit, refuse });
      void pump();
    });

  return {
    gate: async (lane, send): Promise<HttpResponse> => {
      await admitted(lane);
      const answer = await send();
      state = afterAnswer(state, answer, options.clock.now());
      return answer;
    },
    use: () => ({ used: usedIn(state, options.clock.now()), limit: state.limit, waiting: waiting.length }),
  };
}
