import type { Kind } from '../maintainx/index.ts';
import type { RecordKey } from '../records/index.ts';
import type { Delivery, NewDelivery } from './delivery.ts';

export interface DeliveryStatements {
  /** Stores a delivery. One that is there already is counted and made to wait again, so that it causes another look. */
  accept(delivery: NewDelivery): Promise<'new' | 'repeat'>;
  /** The oldest waiting deliveries. */
  waiting(limit: number): Promise<readonly Delivery[]>;
  settle(settled: readonly Settled[]): Promise<void>;
  /** In order of arrival, after the delivery named. */
  page(after: string | null, limit: number): Promise<readonly Delivery[]>;
  counts(): Promise<Readonly<Record<Delivery['state'], number>>>;
}

export type Settled =
  | { readonly deliveryId: string; readonly state: 'done' }
  | { readonly deliveryId: string; readonly state: 'parked'; readonly reason: string };

/** Why a record is to be read by a single GET, most urgent first. */
export const READ_REASONS = ['hook', 'recheck', 'detail', 'suspect', 'reread'] as const;
export type ReadReason = (typeof READ_REASONS)[number];

/** A wish to read one record. */
export interface Wish {
  readonly key: RecordKey;
  readonly reason: ReadReason;
  /** Facts that explain the wish. */
  readonly explainedBy: readonly string[];
}

/** A record that waits to be read. Times are epoch milliseconds. */
export interface Hydration extends Wish {
  /** Ticket of the latest wish: only a read that began after it fulfils it. */
  readonly wanted: number;
  readonly attempts: number;
  /** When it was first wished for. */
  readonly wishedAt: number;
  readonly dueAt: number;
}

export interface HydrationStatements {
  /** Adds wishes; those about one record become one, with the most urgent reason and all that explains it. */
  want(wishes: readonly Wish[], ticket: number, now: number): Promise<void>;
  /** What is due, most urgent and longest wanted first. */
  due(now: number, limit: number): Promise<readonly Hydration[]>;
  /** When the next one becomes due; null: none waits. */
  nextDueAt(): Promise<number | null>;
  /** When the oldest wish that waits was made; null: none waits. */
  oldestWishAt(): Promise<number | null>;
  /** Removes the wish if the read began after it; a later wish stays. */
  fulfil(key: RecordKey, readBegan: number): Promise<void>;
  postpone(key: RecordKey, dueAt: number): Promise<void>;
  /** Leaves the record to a person. */
  park(key: RecordKey, reason: string): Promise<void>;
  counts(): Promise<{ readonly waiting: number; readonly parked: number }>;
}

export interface CursorStatements {
  /** Greatest `updatedAt` that polling has seen, epoch milliseconds. */
  watermark(organizationId: string, kind: Kind): Promise<number | null>;
  saveWatermark(organizationId: string, kind: Kind, watermark: number, now: number): Promise<void>;
  /** When the kind was last polled; null: never listed. */
  polledAt(organizationId: string, kind: Kind): Promise<number | null>;
  /** When the kind was last polled that waited longest; null: nothing was polled yet. */
  lastPoll(): Promise<number | null>;
}

export type RunKind = 'backfill' | 'sweep';
export type RunState = 'requested' | 'running' | 'done';

/** Which records a sweep reads again by single GET, besides those whose list row tells a change. */
export type Reread = 'due' | 'untimed' | 'all';

export interface RunOptions {
  /**
   * due: those whose row tells no time of change and whose last single read is old · untimed: all of those ·
   * all: every record whose row is a stub.
   */
  readonly reread: Reread;
  /** Whether many missing records at once are believed. */
  readonly releaseBrake: boolean;
}

export interface KindProgress {
  readonly kind: Kind;
  readonly state: 'waiting' | 'listing' | 'done';
  readonly cursor: string | null;
  readonly pages: number;
  readonly rows: number;
  /** Records that we hold and the list lacks. */
  readonly suspects: number;
  /** Whether there were so many that a person has to release them. */
  readonly braked: boolean;
}

export interface Run {
  readonly runId: string;
  readonly what: RunKind;
  readonly state: RunState;
  readonly options: RunOptions;
  readonly progress: readonly KindProgress[];
  readonly requestedAt: number;
  readonly finishedAt: number | null;
  /** Kinds that could not be listed, and why. */
  readonly reason: string | null;
}

export interface RunStatements {
  /** The run of this sort that is under way, or a new one. */
  request(run: Pick<Run, 'runId' | 'what' | 'options' | 'requestedAt'>): Promise<Run>;
  /** The oldest run under way; a backfill goes first. */
  current(): Promise<Run | undefined>;
  find(runId: string): Promise<Run | undefined>;
  save(runId: string, progress: readonly KindProgress[]): Promise<void>;
  /** `reason` names the kinds that MaintainX refused to list. */
  finish(runId: string, finishedAt: number, reason: string | null): Promise<void>;
  /** The sweep that was finished last. */
  lastSweep(): Promise<Run | undefined>;
  /** When the last finished run of a sort was finished. */
  lastFinished(what: RunKind): Promise<number | null>;
}
