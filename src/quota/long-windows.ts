import type { Clock } from '../base/clock.ts';
import { raiseMaintainx, type Ask, type HttpResponse, type LongWindow, type QuotaRule } from '../maintainx/index.ts';
import { underName, type QuotaShelf } from './shelf.ts';

export interface LongWindowOptions {
  /** Names this process among those that share the shelf. */
  readonly holder: string;
  readonly shelf: QuotaShelf;
  readonly clock: Clock;
  /** Aborted: whoever waits is turned away. */
  readonly signal: AbortSignal;
}

/** In whose name a connection sends: MaintainX limits the user, and all users of the organisation together. */
export interface Principals {
  readonly user: string;
  readonly organization: string;
  /** The part of the user's window in which this connection sends, 0 to 1; absent: the installation's. */
  readonly share?: number;
}

type Send = () => Promise<HttpResponse>;

/**
 * Sends, through the gate `through`, once every window has a place for it. The windows lie on the shelf, for all processes
 * and over restarts; what the answer's headers say is about the user, not about them. A place counts from before the
 * request until a whole window after its answer, so that no window of MaintainX's sees more.
 */
export async function withinWindows(
  options: LongWindowOptions,
  owners: Principals,
  windows: readonly LongWindow[],
  send: Send,
  through: (send: Send) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const { clock, signal } = options;
  const taken: Place[] = [];
  const isOver = new AbortController();
  let sentAt: number | null = null;
  const noted: Send = () => {
    // Who refuses before it asks (a breaker that opened meanwhile) throws here.
    const answer = send();
    sentAt = clock.now();
    return answer;
  };
  try {
    for (const window of windows) taken.push(await takePlace(options, owners[window.of], window));
    void keepPlaces(options, taken, AbortSignal.any([signal, isOver.signal]));
    return await through(noted);
  } finally {
    isOver.abort();
    const ended = sentAt === null ? [] : [{ sentAt, endedAt: clock.now(), isLimited: false }];
    // The answer counts more than the report: a place of which nothing is said lapses, and counts from then on.
    await report(options, taken, { ended, unused: sentAt === null ? 1 : 0 }).catch(() => undefined);
  }
}

/** A place that is not heard of for a minute is taken for a dead process's; some wait longer for their user's quota. */
const STILL_HERE_MS = 20_000;

async function keepPlaces(options: LongWindowOptions, taken: readonly Place[], until: AbortSignal): Promise<void> {
  for (;;) {
    await options.clock.sleep(STILL_HERE_MS, until);
    if (until.aborted) return;
    // A shelf that is out of reach is told again next time.
    await report(options, taken, { ended: [], unused: 0 }).catch(() => undefined);
  }
}

async function report(
  { shelf, holder, clock }: LongWindowOptions,
  taken: readonly Place[],
  said: Pick<Ask, 'ended' | 'unused'>,
): Promise<void> {
  for (const { principal, rule } of taken)
    await shelf.exchange(principal, rule, { holder, want: 0, ...said }, clock.now());
}

interface Place {
  readonly principal: string;
  readonly rule: QuotaRule;
}

async function takePlace(
  { shelf, holder, clock, signal }: LongWindowOptions,
  owner: string,
  { key, limit, windowMs, whenFull }: LongWindow,
): Promise<Place> {
  const place: Place = { principal: underName(owner, key), rule: { limit, windowMs, share: 1 } };
  for (;;) {
    const now = clock.now();
    const ask = { holder, ended: [], unused: 0, want: 1 };
    const { places, retryAt } = await shelf.exchange(place.principal, place.rule, ask, now);
    if (places > 0) return place;
    if (whenFull === 'refuse') throw usedUp(key, limit, retryAt);
    await clock.sleep(Math.max(1, retryAt - now), signal);
    if (signal.aborted) throw new Error('the process is stopping');
  }
}

const usedUp = (key: string, limit: number, retryAt: number): Error =>
  raiseMaintainx(
    'maintainx-readings-used-up',
    `${limit} ${key} were sent in the last day, as many as MaintainX takes; the next may go at ${new Date(retryAt).toISOString()}`,
    { retryAt },
  );
