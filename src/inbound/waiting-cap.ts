import { raise } from '../errors.ts';

export interface WaitingCapOptions {
  /** Most bytes of one tenant's webhooks that may wait to be processed. */
  readonly capBytes: number;
  /** Bytes of the tenant's webhooks that wait, over all processes. */
  readonly measure: (tenantId: string) => Promise<number>;
  readonly now: () => number;
}

/** Takes note of a webhook that is about to be stored; throws `backlog-full` when too much of its tenant waits already. */
export type WaitingCap = (tenantId: string, bytes: number) => void;

/** What waits is summed up anew whenever a process took in such a part of the cap: by so much it can be exceeded. */
const PART = 1 / 8;
/** How often a full backlog is looked at again. */
const AGAIN_MS = 2_000;

interface Backlog {
  /** Taken in since the last sum began. */
  taken: number;
  isFull: boolean;
  isMeasured: boolean;
  measuredAt: number;
}

/** A flood may fill the disk up to a cap, not the whole of it; what is below the cap is never refused. */
export function createWaitingCap({ capBytes, measure, now }: WaitingCapOptions): WaitingCap {
  const backlogs = new Map<string, Backlog>();
  const measureNow = async (tenantId: string, backlog: Backlog): Promise<void> => {
    backlog.isMeasured = true;
    backlog.taken = 0;
    try {
      backlog.isFull = (await measure(tenantId)) >= capBytes;
    } catch {
      // When nothing can be summed up, hardly anything can be stored; the last word holds until the next sum.
    }
    backlog.measuredAt = now();
    backlog.isMeasured = false;
  };
  return (tenantId, bytes) => {
    const backlog = backlogs.get(tenantId) ?? { taken: 0, isFull: false, isMeasured: false, measuredAt: -Infinity };
    backlogs.set(tenantId, backlog);
    const isDue = backlog.isFull ? now() >= backlog.measuredAt + AGAIN_MS : backlog.taken + bytes >= capBytes * PART;
    if (isDue && !backlog.isMeasured) void measureNow(tenantId, backlog);
    if (backlog.isFull) throw raise('backlog-full', 'too many webhooks of this organisation wait to be processed');
    backlog.taken += bytes;
  };
}
