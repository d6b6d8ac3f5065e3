import { systemClock, type Clock } from '../base/clock.ts';

/** A clock that stands at `start` until somebody looks at it, and runs on from there. */
export function clockFrom(start: number): Clock {
  let began: number | undefined;
  return {
    now: () => {
      const now = systemClock.now();
      began ??= now;
      return start + (now - began);
    },
    sleep: systemClock.sleep,
  };
}
