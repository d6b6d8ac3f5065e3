import type { Lease } from '../jobs/index.ts';
import type { EnginePorts, EngineTimes, Site } from './engine.ts';
import { listKind, refuseKind, type Listing } from './list-kind.ts';
import { planOf } from './plan.ts';
import { transactUnder } from './port.ts';
import type { KindProgress, Run } from './run.ts';
import type { PullSettings } from './settings.ts';
import { surveyKind } from './survey.ts';
import { isAboutOneKind, isRefusal } from './trouble.ts';

/** One turn of the pull lane for one tenant. */
export interface Turn {
  readonly ports: EnginePorts;
  readonly times: EngineTimes;
  readonly site: Site;
  readonly lease: Lease;
  readonly settings: PullSettings;
  /** When other tenants get their turn. */
  readonly sliceEnd: number;
  readonly signal: AbortSignal;
}

/** Kinds listed at once: pages of one kind come one after the other, so a slow answer leaves quota unused. */
const SIDE_BY_SIDE = 3;

/**
 * Goes on with a run until `until`, the end of the slice, or its own end. A kind in trouble does not keep the others
 * waiting, but the run stays open.
 */
export async function advance(turn: Turn, run: Run, until: number): Promise<'ended' | 'sliced' | 'troubled'> {
  const listing: Listing = { ...turn, run };
  const mayGoOn = (): boolean => {
    const now = turn.ports.clock.now();
    return !turn.signal.aborted && now < turn.sliceEnd && now < until;
  };
  const isSurvey = run.what === 'backfill' && run.surveyedAt === null;
  const step = isSurvey ? surveyKind : (one: Listing, part: KindProgress) => listKind(one, part, mayGoOn);
  const open = run.progress.filter((part) => (isSurvey ? part.expected === null : part.state !== 'done'));
  const troubles = await sideBySide(open, (part) => tryKind(listing, part, step), mayGoOn);
  if (troubles > 0) turn.ports.noticed('run-troubled');
  const now = await turn.ports.store.transact(turn.lease.tenantId, (tx) => tx.runs.find(run.runId));
  if (troubles > 0) return 'troubled';
  if (now === undefined || turn.signal.aborted) return 'sliced';
  return isSurvey ? endSurvey(turn, now) : endRun(turn, now);
}

/** Works on some at once; answers how many were in trouble. */
async function sideBySide<One>(
  all: readonly One[],
  work: (one: One) => Promise<boolean>,
  mayGoOn: () => boolean,
): Promise<number> {
  const left = [...all];
  let troubles = 0;
  const strand = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined && mayGoOn(); one = left.shift()) if (!(await work(one))) troubles++;
  };
  const strands = Array.from({ length: SIDE_BY_SIDE }, strand);
  // What one strand throws, the caller hears only when no other writes any more.
  await Promise.allSettled(strands);
  await Promise.all(strands);
  return troubles;
}

/** True: the kind went well, or MaintainX refuses it for good. */
async function tryKind(
  listing: Listing,
  part: KindProgress,
  step: (listing: Listing, part: KindProgress) => Promise<unknown>,
): Promise<boolean> {
  const { ports, lease, run } = listing;
  try {
    await step(listing, part);
    return true;
  } catch (error) {
    if (!isAboutOneKind(error)) throw error;
    ports.log('a kind could not be listed', { kind: part.kind, reason: `${error.code}: ${error.message}` });
    if (!isRefusal(error)) return false;
    const stored = await ports.store.transact(lease.tenantId, (tx) => tx.runs.find(run.runId));
    const at = stored?.progress.find(({ kind }) => kind === part.kind) ?? part;
    await refuseKind(listing, at, error.message);
    return true;
  }
}

async function endSurvey({ ports, times, site, lease, settings }: Turn, run: Run): Promise<'sliced'> {
  if (run.progress.some((part) => part.expected === null && part.refused === null)) return 'sliced';
  const { requestsPerMinute } = site;
  const plan = planOf(run.progress, settings, { requestsPerMinute, pollIntervalMs: times.pollIntervalMs });
  await transactUnder(ports.store, lease, (tx) => tx.runs.surveyed(run.runId, ports.clock.now(), plan));
  return 'sliced';
}

async function endRun({ ports, lease }: Turn, run: Run): Promise<'ended' | 'sliced'> {
  if (run.progress.some((part) => part.state !== 'done')) return 'sliced';
  const refused = run.progress.flatMap(({ kind, refused: why }) => (why === null ? [] : [`${kind}: ${why}`]));
  const reason = refused.length === 0 ? null : refused.join('; ');
  await transactUnder(ports.store, lease, (tx) => tx.runs.finish(run.runId, ports.clock.now(), reason));
  return 'ended';
}
