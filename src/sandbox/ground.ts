import type { Clock } from '../base/clock.ts';
import { Faults } from './faults/faults.ts';
import type { HookManner } from './hooks/hook-manner.ts';
import { AT_ONCE } from './hooks/deliver.ts';
import { httpPost, type HookPost } from './hooks/hook-post.ts';
import type { Settings } from './options.ts';

/** What all organisations of a sandbox stand on. */
export interface Ground {
  readonly settings: Settings;
  /** The sandbox's time: the true one, but for a fault that moves it. */
  readonly clock: Clock;
  /** For waiting and for what only the sandbox counts: no fault moves it. */
  readonly trueClock: Clock;
  readonly faults: Faults;
  readonly manner: HookManner;
  /** How the webhooks of one organisation are brought to their receivers. */
  readonly hookPost: () => HookPost;
  /** When the sandbox began: plants are made as of then, whenever they are first needed. */
  readonly startedAt: number;
  /** Aborts when the sandbox closes. */
  readonly stopping: AbortSignal;
}

export function groundOf(
  settings: Settings,
  stopping: AbortSignal,
  hookPost = (): HookPost => httpPost(AT_ONCE, settings.hookTimeoutMs),
): Ground {
  const { clock, eventTypeInHooks, approveSubscriptions } = settings;
  const faults = new Faults(clock);
  return {
    settings,
    clock: { now: () => clock.now() + faults.clockOffset(), sleep: clock.sleep },
    trueClock: clock,
    faults,
    hookPost,
    startedAt: clock.now(),
    manner: { eventTypeInHooks, approveSubscriptions },
    stopping,
  };
}
