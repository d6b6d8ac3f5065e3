import type { Run, RunKind } from './run.ts';
import type { PullSettings } from './settings.ts';

/** How a tenant stands when a turn of the pull lane asks what to do. Times are epoch milliseconds. */
export interface Plan {
  readonly settings: PullSettings;
  readonly run: Run | undefined;
  /** A person paused the backfill, or wants to know its cost first. */
  readonly isHeldUp: boolean;
  readonly backfilled: boolean;
  readonly hasDetails: boolean;
  /** When to poll and sweep next; Infinity before the first backfill. */
  readonly pollAt: number;
  readonly sweepAt: number;
}

/** What a process remembers of a tenant between two turns. */
export interface Memory {
  /** A run with kinds in trouble rests; polling goes on meanwhile. */
  readonly rest: { readonly failures: number; readonly until: number };
  readonly rereadAt: number;
  /** The last step was a poll: where polls take longer than their interval, other work gets every other step. */
  readonly hasPolled: boolean;
}

export type Step =
  | { readonly what: 'poll' | 'reread' }
  | { readonly what: 'advance'; readonly run: Run; readonly until: number }
  | { readonly what: 'request'; readonly kind: RunKind }
  | { readonly what: 'wait'; readonly until: number };

/** What a run gets between two polls that are always due. */
const FAIR_TURN_MS = 10_000;

/** What to do now. Pure. */
export function nextStep(plan: Plan, memory: Memory, now: number): Step {
  const isPollDue = plan.pollAt <= now;
  const other = otherStep(plan, memory, now);
  if (isPollDue && !(memory.hasPolled && other !== null)) return { what: 'poll' };
  if (other !== null)
    return other.what === 'advance' ? { ...other, until: isPollDue ? now + FAIR_TURN_MS : plan.pollAt } : other;
  return { what: 'wait', until: Math.min(plan.pollAt, otherAt(plan, memory)) };
}

/** What there is to do besides polling; null: nothing now. */
function otherStep(plan: Plan, { rest, rereadAt }: Memory, now: number): Exclude<Step, { what: 'wait' }> | null {
  const { run } = plan;
  if (run !== undefined) return rest.until <= now ? { what: 'advance', run, until: plan.pollAt } : null;
  if (plan.isHeldUp) return null;
  if (!plan.backfilled) return { what: 'request', kind: 'backfill' };
  if (plan.sweepAt <= now) return { what: 'request', kind: 'sweep' };
  return rereadAt <= now && !plan.hasDetails ? { what: 'reread' } : null;
}

/** When there will be something besides polling. */
function otherAt(plan: Plan, { rest, rereadAt }: Memory): number {
  if (plan.run !== undefined) return rest.until;
  if (plan.isHeldUp) return Infinity;
  return plan.hasDetails ? plan.sweepAt : Math.min(plan.sweepAt, rereadAt);
}
