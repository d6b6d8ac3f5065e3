import { allOver } from '../base/all-over.ts';
import { backoff } from '../base/backoff.ts';
import { isCoded } from '../base/coded-error.ts';
import { judgeAll, keyText, type Observation, type Outcome } from '../records/index.ts';
import { newId, type EnginePorts } from './engine.ts';
import { nestedWishes } from './nested.ts';
import { transactUnder, type InboundTransaction } from './port.ts';
import type { FinishedRead, ReadTurn } from './read-turn.ts';
import { nestedIn } from './settings.ts';
import type { Hydration } from './statements.ts';
import { filesOf } from './store-files.ts';

/** Single reads that have to tell an older state before it is believed. */
const DOUBTS = 3;

/** A read that could not be stored, and why. */
export interface Unstored {
  readonly read: FinishedRead;
  readonly error: unknown;
}

/**
 * Stores what finished reads tell, in one transaction: what they change, the events of that, and the wishes fulfilled.
 * When that fails, each is stored alone, so that one which cannot be stored keeps back no other. Answers those.
 */
export async function commitReads(turn: ReadTurn, reads: readonly FinishedRead[]): Promise<readonly Unstored[]> {
  try {
    if (reads.length > 0) await commitTogether(turn, reads);
    return [];
  } catch (error) {
    const [read] = reads;
    if (isCoded(error, 'lease-lost', 'database-unavailable') || read === undefined) throw error;
    if (reads.length === 1) return [{ read, error }];
    const unstored: Unstored[] = [];
    for (const one of reads) unstored.push(...(await commitReads(turn, [one])));
    return unstored;
  }
}

interface Stored {
  readonly read: FinishedRead;
  readonly outcome: Outcome;
  /** It was wished for again while it was being read. */
  readonly isOutlived: boolean;
}

async function commitTogether(turn: ReadTurn, reads: readonly FinishedRead[]): Promise<void> {
  const { ports, lease, settings } = turn;
  const stored = await transactUnder(ports.store, lease, async (tx) => {
    const now = ports.clock.now();
    // Drawn when all of them are over: to one that began before, each of them may be the newer or the older.
    const [ended, held] = await allOver([tx.nextTicket(), tx.records.lock(reads.map(({ wanted }) => wanted.key))]);
    const observations = reads.map((read) => observationOf(read, ended));
    const { outcomes, events, changed } = judgeAll(held, observations, { now, newId: () => newId(ports) });
    const paired = outcomes.map((outcome, index) => ({ outcome, read: at(reads, index) }));
    const rereads = new Set(reads.filter(({ wanted }) => wanted.reason === 'reread').map((one) => nameOf(one.wanted)));
    const [, outlived, wishes] = await allOver([
      tx.records.write(changed),
      settle(ports, tx, paired),
      nestedWishes(tx.records, nestedIn(settings), outcomes, {
        isDue: ({ withParent }) => withParent,
        insists: ({ key }) => rereads.has(keyText(key)),
      }),
    ]);
    if (wishes.length > 0) await tx.hydrations.want(wishes, await tx.nextTicket(), now);
    if (settings.files === 'all') await tx.files.note(filesOf(outcomes), now);
    await tx.log.append(events);
    return paired.map((one): Stored => ({ ...one, isOutlived: outlived.has(nameOf(one.read.wanted)) }));
  });
  for (const one of stored) notice(ports, one);
}

const nameOf = ({ key }: Hydration): string => keyText(key);

function at<One>(all: readonly One[], index: number): One {
  const one = all[index];
  if (one === undefined) throw new Error('an observation without its outcome');
  return one;
}

function observationOf({ wanted, raw, began, at: readAt }: FinishedRead, ended: number): Observation {
  const { key, explainedBy, doubts } = wanted;
  return { key, source: 'get', read: { began, ended, at: readAt }, raw, insists: doubts >= DOUBTS, explainedBy };
}

/** Ends the wishes, or puts off those whose read has to be made again. Answers which were wished for again meanwhile. */
async function settle(
  { clock, random }: EnginePorts,
  { hydrations }: InboundTransaction,
  reads: readonly Omit<Stored, 'isOutlived'>[],
): Promise<ReadonlySet<string>> {
  for (const { read, outcome } of reads.filter((one) => isUnsettled(one.outcome))) {
    const later = clock.now() + 250 + backoff(read.wanted.attempts, random);
    if (outcome.why === 'older-in-later-read') await hydrations.doubt(read.wanted.key, later);
    else await hydrations.postpone(read.wanted.key, later);
  }
  const over = reads.filter(({ outcome }) => !isUnsettled(outcome));
  return hydrations.fulfil(over.map(({ read }) => ({ key: read.wanted.key, began: read.began })));
}

const isUnsettled = ({ verdict }: Outcome): boolean => verdict === 'recheck';

function notice(ports: EnginePorts, { read, outcome, isOutlived }: Stored): void {
  const { reason } = read.wanted;
  ports.noticed(outcome.why);
  if (isUnsettled(outcome)) ports.noticed('read-overtaken');
  if (isOutlived) ports.noticed('wish-outlived-read');
  if (reason === 'suspect') ports.noticed(outcome.verdict === 'vanished' ? 'suspect-gone' : 'suspect-alive');
  if (reason === 'reread' && outcome.verdict === 'changed') ports.noticed('found-by-reread');
}
