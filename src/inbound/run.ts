import { objectOf, parseStored } from '../base/json.ts';
import { isKind, isListedKind, type Kind, type ListedKind } from '../maintainx/index.ts';
import type { BackfillPlan } from './backfill-plan.ts';

export type RunKind = 'backfill' | 'sweep';
export type RunState = 'requested' | 'running' | 'done';

/**
 * Which records a sweep reads again by single GET, besides those whose list row tells a change:
 * none: the rolling re-read sees to it · untimed: those whose row tells no time of change · all: every stub.
 */
export type Reread = 'none' | 'untimed' | 'all';

export interface RunOptions {
  readonly reread: Reread;
  /** Whether many missing records at once are believed. */
  readonly releaseBrake: boolean;
  /** Only its cost is asked for: it stops after the survey. */
  readonly planOnly: boolean;
}

export const PLAIN_RUN: RunOptions = { reread: 'none', releaseBrake: false, planOnly: false };

/** Where a run stands with one kind. */
export interface KindProgress {
  readonly kind: ListedKind;
  readonly state: 'waiting' | 'listing' | 'done';
  /** Where to go on; null: at the start. */
  readonly cursor: string | null;
  /** A cursor met earlier: meeting it again means that the list goes round in circles. */
  readonly mark: string | null;
  /** Times that the list went round in circles. */
  readonly loops: number;
  readonly pages: number;
  readonly rows: number;
  /** Requests made to list, survey included. */
  readonly requests: number;
  /** Records that the survey expects; null: not surveyed. */
  readonly expected: number | null;
  /** The survey could not see the end. */
  readonly atLeast: boolean;
  /** Records that we hold and the list lacks. */
  readonly suspects: number;
  /** Whether there were so many that a person has to release them. */
  readonly braked: boolean;
  /** Why MaintainX did not let it be listed. */
  readonly refused: string | null;
  /** When its listing began; epoch milliseconds. */
  readonly startedAt: number | null;
}

export const freshKind = (kind: ListedKind): KindProgress => ({
  kind,
  state: 'waiting',
  cursor: null,
  mark: null,
  loops: 0,
  pages: 0,
  rows: 0,
  requests: 0,
  expected: null,
  atLeast: false,
  suspects: 0,
  braked: false,
  refused: null,
  startedAt: null,
});

export interface Run {
  readonly runId: string;
  readonly organizationId: string;
  readonly what: RunKind;
  readonly state: RunState;
  readonly options: RunOptions;
  /** In the order in which kinds are listed. */
  readonly progress: readonly KindProgress[];
  readonly requestedAt: number;
  /** When its cost was known, and what it is. */
  readonly surveyedAt: number | null;
  readonly plan: BackfillPlan | null;
  readonly finishedAt: number | null;
  /** Kinds that could not be listed, and why. */
  readonly reason: string | null;
}

/** Whether there is something to do for the run: it is neither done, nor was its cost alone asked for and is known. */
export const isActive = ({ state, options, surveyedAt }: Run): boolean =>
  state !== 'done' && !(options.planOnly && surveyedAt !== null);

/** Kinds whose deletes wait for a person. */
export const brakedKinds = (run: Run): readonly Kind[] =>
  run.progress.filter((part) => part.braked).map((part) => part.kind);

export function parseOptions(text: string): RunOptions {
  const { reread, releaseBrake, planOnly } = objectOf(parseStored(text));
  return {
    reread: reread === 'all' || reread === 'untimed' ? reread : 'none',
    releaseBrake: releaseBrake === true,
    planOnly: planOnly === true,
  };
}

export function kindOf(name: string): Kind {
  if (!isKind(name)) throw new Error(`the database names the kind ${name}, which the catalogue does not know`);
  return name;
}

export function listedKindOf(name: string): ListedKind {
  if (!isListedKind(name)) throw new Error(`the database lists the kind ${name}, which the catalogue does not list`);
  return name;
}
