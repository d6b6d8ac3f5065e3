import { isCoded } from '../base/coded-error.ts';
import { backoff } from '../base/backoff.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Shares } from './shares.ts';
import { NEVER, type Lease, type LeaseStatements, type WorkLane } from './lease.ts';

/** Does a lane's due work for one tenant. Resolves with when there will be more (epoch ms), or null: when woken. */
export type LaneWork = (lease: Lease, signal: AbortSignal, turn: LaneTurn) => Promise<number | null>;

/** What a turn of a lane should know. */
export interface LaneTurn {
  /** Whether other tenants are at work in this lane: then turns are to be short. */
  readonly hasOthers: () => boolean;
  /** Whether this tenant has most of the lane's work done while others are at work: then it is to take little at once. */
  readonly isGreedy: () => boolean;
  /** Counts what was done, so that who has most done can leave others some room. Waiting for MaintainX is none of it. */
  readonly did: (count: number) => void;
}

export interface LaneOptions {
  readonly leases: LeaseStatements;
  readonly lane: WorkLane;
  readonly holder: string;
  /** Only this tenant's work; null: everybody's. */
  readonly tenantId: string | null;
  /** For so many organisations of one tenant it is at work at once, in all processes, where nothing else was chosen for the tenant. */
  readonly mostOfOne: number;
  readonly work: LaneWork;
  readonly clock: Clock;
  readonly random: Random;
  readonly leaseMs: number;
  /** How long to wait for a hint before looking again. */
  readonly idleMs: number;
  /** Resolves at the next hint that there may be work in this process. */
  readonly hint: (lane: WorkLane, signal: AbortSignal) => Promise<void>;
  /** What was done in this lane of this process. */
  readonly shares: Shares;
  /** What of a tenant's troubles nobody, where that was chosen for it. */
  readonly leastOf?: (tenantId: string) => number | undefined;
  /** Told when there was work: another of this process may look for more. */
  readonly foundWork: (lane: WorkLane) => void;
  readonly onError: (lane: WorkLane, tenantId: string | undefined, error: unknown) => void;
}

/** A wake that a crash lost costs this long at most. */
const LOOK_AGAIN_MS = 60_000;

/** Who has most of a lane's work done while others are at work rests after each turn, so many times as long as that took. */
const REST = { times: 3, leastMs: 250, mostMs: 2_000 } as const;

/** Claims, works and releases, tenant after tenant, until `signal` aborts. Never rejects. */
export async function runLane(options: LaneOptions, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const { lane, holder, leaseMs, tenantId, mostOfOne } = options;
      const lease = await options.leases.claim(lane, holder, options.clock.now(), leaseMs, tenantId, mostOfOne);
      if (lease === undefined) await idle(options, signal);
      else {
        options.foundWork(lane);
        await holdAndWork(options, lease, signal);
      }
      failures = 0;
    } catch (error) {
      options.onError(options.lane, undefined, error);
      await options.clock.sleep(100 + backoff(failures++, options.random, 200, 5_000), signal);
    }
  }
}

async function idle(options: LaneOptions, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  await Promise.race([options.hint(options.lane, either), options.clock.sleep(options.idleMs, either)]);
  // With a reason: the usual one is made with a stack trace each time.
  done.abort('looking again');
}

/** Works under a lease that is renewed meanwhile; losing it aborts the work. */
async function holdAndWork(
  options: Pick<LaneOptions, 'leases' | 'work' | 'clock' | 'random' | 'leaseMs' | 'onError' | 'shares' | 'leastOf'>,
  lease: Lease,
  signal: AbortSignal,
): Promise<void> {
  const lost = new AbortController();
  const done = new AbortController();
  const renewing = renewUntil(options, lease, done.signal, lost);
  const { shares, clock, leastOf } = options;
  const isGreedy = (): boolean => shares.isGreedy(lease.tenantId, leastOf?.(lease.tenantId));
  const turn: LaneTurn = {
    hasOthers: () => shares.hasOthers(lease.tenantId),
    isGreedy,
    did: (count) => shares.add(lease.tenantId, count),
  };
  const began = clock.now();
  let dueAt: number;
  try {
    const either = AbortSignal.any([signal, lost.signal]);
    const planned = (await options.work(lease, either, turn)) ?? NEVER;
    dueAt = Math.min(planned, options.clock.now() + LOOK_AGAIN_MS);
    // Under the lease: whatever wakes the tenant meanwhile, its next turn comes after the rest.
    if (isGreedy()) await clock.sleep(restAfter(clock.now() - began), signal);
  } catch (error) {
    if (!isCoded(error, 'lease-lost') && !signal.aborted) options.onError(lease.lane, lease.tenantId, error);
    dueAt = options.clock.now() + (signal.aborted ? 0 : 500 + backoff(4, options.random));
  } finally {
    done.abort('worked');
    await renewing;
  }
  await options.leases.release(lease, dueAt);
}

const restAfter = (tookMs: number): number => Math.min(REST.mostMs, Math.max(REST.leastMs, REST.times * tookMs));

async function renewUntil(
  options: Pick<LaneOptions, 'leases' | 'clock' | 'leaseMs'>,
  lease: Lease,
  done: AbortSignal,
  lost: AbortController,
): Promise<void> {
  for (;;) {
    await options.clock.sleep(options.leaseMs / 3, done);
    if (done.aborted) return;
    const held = await options.leases.renew(lease, options.clock.now(), options.leaseMs).catch(() => true);
    if (!held) return lost.abort();
  }
}
