import type { Clock } from '../base/clock.ts';
import { raiseMaintainx, type HttpResponse, type LongWindow, type QuotaRule } from '../maintainx/index.ts';
import { underName, type QuotaShelf } from './shelf.ts';

export interface LongWindowOptions {
  /** Names this process among those that share the shelf. */
  readonly holder: string;
  readonly shelf: QuotaShelf;
  readonly clock: Clock;
  /** Aborted: whoever waits is turned away. */
  readonly signal: AbortSignal;
}

/**
 * Sends once every window has a place for it. The windows lie on the shelf, for all processes and over restarts; what the
 * answer's headers say is about the user, not about them. A place counts from before the request until a whole window after
 * its answer, so that no window of MaintainX's sees more.
 */
export async function withinWindows(
  options: LongWindowOptions,
  owner: string,
  windows: readonly LongWindow[],
  send: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const { shelf, holder, clock } = options;
  const taken: Place[] = [];
  try {
    for (const window of windows) taken.push(await takePlace(options, owner, window));
  } catch (error) {
    // Nothing was sent: what was taken so far is free again.
    for (const { principal, rule } of taken)
      await shelf.exchange(principal, rule, { holder, ended: [], unused: 1, want: 0 }, clock.now());
    throw error;
  }
  const sentAt = clock.now();
  try {
    return await send();
  } finally {
    const ended = [{ sentAt, endedAt: clock.now(), isLimited: false }];
    for (const { principal, rule } of taken)
      await shelf.exchange(principal, rule, { holder, ended, unused: 0, want: 0 }, clock.now());
  }
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
