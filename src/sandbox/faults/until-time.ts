import type { Clock } from '../../base/clock.ts';

/** Waits until the clock says `time`, however it is moved in between; false when it was aborted before. */
export async function untilTime(clock: Clock, time: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted && clock.now() < time) await clock.sleep(time - clock.now(), signal);
  return !signal.aborted;
}
