import type { Kind, ListedKind } from '../maintainx/index.ts';
import type { RecordKey } from '../records/index.ts';
import type { BackfillPlan } from './backfill-plan.ts';
import type { Arrival, Delivery, DeliveryFilter } from './delivery.ts';
import type { KindProgress, Run, RunKind } from './run.ts';
import type { PullSettings } from './settings.ts';

export interface DeliveryStatements {
  /** The oldest that wait; see `InboundStore.accept`. */
  waiting(limit: number): Promise<readonly Arrival[]>;
  /** From which organisation each of these subscriptions tells, by their id here; those that nobody knows are left out. */
  organizationsOf(subscriptionIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Ends arrivals. A delivery that was parked and can be used now is parked no more. */
  settle(settled: readonly Settled[]): Promise<void>;
  /** In order of arrival, after the delivery named. */
  page(after: string | null, limit: number, filter?: DeliveryFilter): Promise<readonly Delivery[]>;
  find(deliveryId: string): Promise<Delivery | undefined>;
  /** Makes them wait once more, whatever became of them; `newId` names each arrival. */
  replay(deliveries: readonly Delivery[], newId: () => string): Promise<void>;
  /** A person says why a parked one is not needed. False: it is not parked. */
  discard(delivery: Delivery, why: string): Promise<boolean>;
  /**
   * The guardian is to look anew after these of MaintainX's ids, or after all, that it found earlier. False: none of them is
   * ours.
   */
  doubtSubscriptions(which: readonly string[] | 'all'): Promise<boolean>;
  /** Whether a subscription of the organisation delivers that follows a gap. It is told once. */
  takeGap(organizationId: string): Promise<boolean>;
  /** Size of the bodies that wait, each as often as it came. */
  waitingBytes(): Promise<number>;
  /** Arrivals that wait, and deliveries that are parked. */
  counts(): Promise<{ readonly waiting: number; readonly parked: number }>;
}

export type Settled =
  | { readonly arrival: Arrival; readonly state: 'done' }
  | { readonly arrival: Arrival; readonly state: 'parked'; readonly reason: string };

/**
 * Why a record is to be read by a single GET, most urgent first: a webhook told of it · a read contradicts what we hold ·
 * its list row tells a change and is a stub · its list row is all that we have of it · a sweep missed it · its last single
 * read is old.
 */
export const READ_REASONS = ['hook', 'recheck', 'change', 'detail', 'suspect', 'reread'] as const;
export type ReadReason = (typeof READ_REASONS)[number];

/** A wish to read one record. */
export interface Wish {
  readonly key: RecordKey;
  readonly reason: ReadReason;
  /** Facts that explain the wish. */
  readonly explainedBy: readonly string[];
  /** A person believes that the record is gone: a single read that finds nothing needs no further proof. */
  readonly released?: boolean;
  /** When the hook that asks was told, by MaintainX's clock, epoch milliseconds. */
  readonly toldAt?: number | null;
  /** A new wish is not due before, epoch milliseconds. */
  readonly notBefore?: number;
}

/** A record that waits to be read. Times are epoch milliseconds. */
export interface Hydration extends Omit<Wish, 'notBefore'> {
  readonly released: boolean;
  /** The latest of the hooks' times; null: no hook asks. */
  readonly toldAt: number | null;
  /** Ticket of the latest wish: only a read that began after it fulfils it. */
  readonly wanted: number;
  readonly attempts: number;
  /** Times that a single read told an older state than what we hold. */
  readonly doubts: number;
  /** When it was first wished for. */
  readonly wishedAt: number;
  readonly dueAt: number;
}

/** A read of a record, and the ticket at which it began. */
export interface BegunRead {
  readonly key: RecordKey;
  readonly began: number;
}

/** A record that could not be read again and again. Times are epoch milliseconds. */
export interface ParkedRead {
  readonly key: RecordKey;
  /** Why it could not be read. */
  readonly reason: string;
  readonly attempts: number;
  readonly wishedAt: number;
}

/** What is left alone for now. */
export interface Except {
  readonly reasons: readonly ReadReason[];
  readonly kinds: readonly Kind[];
}

/** Records whose delete waits for a person. */
export interface HeldKind {
  readonly kind: Kind;
  readonly records: number;
}

/** Records whose delete waits until key and permission are old enough, or for a person. */
export interface WithheldKind extends HeldKind {
  /** When the first of them is looked at again, epoch milliseconds. */
  readonly until: number;
}

/** The part of the wishes that is about deletes which wait. */
export type BrakeStatements = Pick<
  HydrationStatements,
  'hold' | 'release' | 'isReleased' | 'dropHeld' | 'held' | 'withheld'
>;

/** The part of the wishes that is about reads which were tried, and what is left to a person. */
export type TryStatements = Pick<
  HydrationStatements,
  'postpone' | 'doubt' | 'withhold' | 'park' | 'parked' | 'discard'
>;

export interface HydrationStatements {
  /**
   * Adds wishes; those about one record become one, with the most urgent reason and all that explains it. What was left
   * to a person is tried again when a webhook, a person or a re-read asks for it, or when a day has passed.
   */
  want(wishes: readonly Wish[], ticket: number, now: number): Promise<void>;
  /** Suspects that wait for a person. Wishes that are there already stay as they are. */
  hold(keys: readonly RecordKey[], ticket: number, now: number): Promise<void>;
  /** Lets held and withheld records be read, of one kind or all, and their absence be believed; answers how many. */
  release(kind: Kind | null, now: number): Promise<number>;
  /** Forgets the held suspects of a kind: a new sweep decides about them. */
  dropHeld(organizationId: string, kind: Kind): Promise<void>;
  /** Whether a person believes that the record, which waits to be read, is gone. */
  isReleased(key: RecordKey): Promise<boolean>;
  held(): Promise<readonly HeldKind[]>;
  /** What `withhold` set aside. */
  withheld(): Promise<readonly WithheldKind[]>;
  /** Forgets the wishes to complete list rows. */
  dropDetails(): Promise<void>;
  /** Forgets whatever was to be read in the organisation. */
  dropAll(organizationId: string): Promise<void>;
  /** What is due in one organisation or (null) in any, most urgent and longest wanted first. */
  due(organizationId: string | null, now: number, limit: number, except?: Except): Promise<readonly Hydration[]>;
  /** When the next one becomes due; null: none waits. */
  nextDueAt(organizationId: string | null, except?: Except): Promise<number | null>;
  /** When the oldest wish that waits was made; null: none waits. */
  oldestWishAt(): Promise<number | null>;
  /** Removes each wish whose read began after it; a later wish stays. Answers which stay, by `keyText`. */
  fulfil(reads: readonly BegunRead[]): Promise<ReadonlySet<string>>;
  postpone(key: RecordKey, dueAt: number): Promise<void>;
  /** Postpones a read that told an older state than what we hold. */
  doubt(key: RecordKey, dueAt: number): Promise<void>;
  /** Postpones a read whose finding cannot be believed yet; it does not count as waiting. */
  withhold(key: RecordKey, until: number): Promise<void>;
  /** Leaves the record to a person, and to another try at `triedAgainAt`. */
  park(key: RecordKey, reason: string, triedAgainAt: number): Promise<void>;
  /** What is left to a person, the oldest wish first, without what the brake holds. */
  parked(limit: number): Promise<readonly ParkedRead[]>;
  /** A person says that the record need not be read. False: it is not parked. */
  discard(key: RecordKey): Promise<boolean>;
  /** Living records of the same kind that no sweep suspects, at most `limit`: whether they can be read tells much. */
  probesFor(key: RecordKey, limit: number): Promise<readonly string[]>;
  /** Of one organisation or (null) all: waiting, without the withheld; left to a person, without those that the brake holds. */
  counts(organizationId: string | null): Promise<HydrationCounts>;
}

export interface HydrationCounts {
  readonly waiting: number;
  readonly parked: number;
  readonly held: number;
  /** Of the waiting: reads that complete a list row. */
  readonly details: number;
}

export interface CursorStatements {
  /** Greatest `updatedAt` that polling has seen, epoch milliseconds. */
  watermark(organizationId: string, kind: Kind): Promise<number | null>;
  /** Notes a poll that went through. */
  saveWatermark(organizationId: string, kind: Kind, watermark: number, now: number): Promise<void>;
  /** Notes a poll that did not. */
  attempted(organizationId: string, kind: Kind, now: number): Promise<void>;
  /** When the kind was last polled; null: never listed. */
  polledAt(organizationId: string, kind: Kind): Promise<number | null>;
  /** When a poll of the kind last went through. */
  succeededAt(organizationId: string, kind: Kind): Promise<number | null>;
  /** When the kind was last polled that waited longest, in one organisation or (null) in all; null: nothing was polled yet. */
  lastPoll(organizationId: string | null): Promise<number | null>;
}

export interface RunStatements {
  /** The run of this sort that is under way in the organisation, or a new one with these kinds to list. */
  request(run: NewRun, kinds: readonly ListedKind[]): Promise<Run>;
  /**
   * The run to go on with, in one organisation or (null) in any; a backfill goes first. Not one of which the cost alone was
   * asked for, and is known.
   */
  current(organizationId: string | null): Promise<Run | undefined>;
  /** The unfinished run of this sort, whatever its state, in one organisation or (null) in any. */
  unfinished(organizationId: string | null, what: RunKind): Promise<Run | undefined>;
  find(runId: string): Promise<Run | undefined>;
  /** Stores where the run stands with one kind; a requested run is under way from then on. */
  save(runId: string, part: KindProgress): Promise<void>;
  /** Notes that the cost is known. */
  surveyed(runId: string, now: number, plan: BackfillPlan): Promise<void>;
  /** A run that was asked for its cost alone is to be done. */
  go(runId: string): Promise<void>;
  /** `reason` names the kinds that MaintainX refused to list. */
  finish(runId: string, finishedAt: number, reason: string | null): Promise<void>;
  /** Ends a run that did not come to its end: it is over, and was never finished. */
  giveUp(runId: string, reason: string): Promise<void>;
  /** Notes the ids on a page of a sweep. */
  meet(runId: string, kind: Kind, page: number, ids: readonly string[]): Promise<void>;
  /** How many of these ids the sweep has met on earlier pages. */
  metBefore(runId: string, kind: Kind, ids: readonly string[]): Promise<number>;
  /** Forgets what a sweep has met of a kind. */
  forgetMet(runId: string, kind: Kind): Promise<void>;
  /** Living records of a kind first seen before `firstSeenBefore` and not created before `createdFrom`, and which of them the sweep has not met. */
  missing(sought: Sought): Promise<{ readonly living: number; readonly missing: readonly string[] }>;
  /** The run of this sort that was finished last, in one organisation or (null) in any. */
  last(organizationId: string | null, what: RunKind): Promise<Run | undefined>;
  /**
   * When the last finished run of a sort was finished in the organisation; null in place of it: since when all that had runs
   * have had one.
   */
  lastFinished(organizationId: string | null, what: RunKind): Promise<number | null>;
}

export type NewRun = Pick<Run, 'runId' | 'organizationId' | 'what' | 'options' | 'requestedAt'>;

export interface Sought {
  readonly runId: string;
  readonly organizationId: string;
  readonly kind: Kind;
  readonly firstSeenBefore: number;
  readonly createdFrom: number | null;
}

export interface SettingsStatements {
  read(): Promise<PullSettings>;
  write(settings: PullSettings): Promise<void>;
}

/** A key that MaintainX refuses. Times are epoch milliseconds. */
export interface Refusal {
  readonly since: number;
  readonly retryAt: number;
  readonly attempts: number;
  readonly reason: string;
}

export interface AccessStatements {
  /** Whether a person ended the connection: nothing is asked over it any more. */
  isEnded(organizationId: string): Promise<boolean>;
  /** The refusal that is in force, in one organisation or (null) in any; null: the key is taken. */
  refusal(organizationId: string | null): Promise<Refusal | null>;
  /** Notes a refusal; `first`: nobody noted it before. */
  refuse(organizationId: string, reason: string, now: number, retryAt: number): Promise<'first' | 'again'>;
  /** Takes the right to try the key: true for one caller until `until`. */
  claimTry(organizationId: string, now: number, until: number): Promise<boolean>;
  /** The key is taken again. */
  accept(organizationId: string): Promise<void>;
  /** Notes that the key (`*`) or the permission for a kind changed. */
  noteChange(organizationId: string, scope: Kind | '*', now: number): Promise<void>;
  /** When the key or the permission for the kind last changed; null: not that we know. */
  changedAt(organizationId: string, kind: Kind): Promise<number | null>;
}
