import { note, type Actor } from '../audit/index.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Clock } from '../base/clock.ts';
import { sha256 } from '../base/hash.ts';
import type { Json } from '../base/json.ts';
import { raise } from '../errors.ts';
import type { InboundTransaction } from '../inbound/index.ts';
import type { Database, TenantTransaction } from '../postgres/index.ts';
import { transactWhole } from '../store/index.ts';
import { answerBefore, keepAnswer, type Repeatable } from './repeatable.ts';

/** What belongs to no tenant but to the installation is kept under the id of nobody: its audit, its repeatable requests. */
export const INSTALLATION = '00000000-0000-0000-0000-000000000000';

export interface Office {
  readonly database: Database;
  readonly clock: Clock;
}

/** A transaction in which something is changed, noted, and its answer kept. */
export interface ChangeTransaction {
  readonly inbound: InboundTransaction;
  readonly whole: TenantTransaction;
  readonly now: number;
}

/** What a change did. Of before and after only hashes are kept. */
export interface Changed<Answer extends Json> {
  readonly target: string;
  readonly before: Json;
  readonly after: Json;
  readonly answer: Answer;
}

/** May be run again after a conflict: it changes nothing but the database. */
export type Change<Answer extends Json> = (tx: ChangeTransaction) => Promise<Changed<Answer>>;

/** Whose change it is, and under what conditions. */
export interface ChangeOrder extends Actor {
  /** INSTALLATION: of no tenant. */
  readonly tenantId: string;
  readonly action: string;
  /** Set when the caller may send the same request again; then it is done once. */
  readonly repeatable?: Repeatable | undefined;
  /** The version that the caller believes to change; another one is refused with `changed-meanwhile`. */
  readonly ifMatch?: string | undefined;
}

/** Does a change: it, its line in the audit and its answer are there together or not at all. */
export async function carryOut<Answer extends Json>(
  { database, clock }: Office,
  order: ChangeOrder,
  change: Change<Answer>,
): Promise<Answer> {
  const now = clock.now();
  return transactWhole(database, order.tenantId, async (inbound, whole) => {
    const before = await answerBefore(whole, order.repeatable, now);
    // The same request had the same answer: its shape is this one's.
    if (before !== undefined) return before as Answer;
    const done = await change({ inbound, whole, now });
    if (!isMeant(order.ifMatch, done.before))
      throw raise('changed-meanwhile', 'it was changed since you read it: read it again, then decide');
    const { actor, origin, action } = order;
    await note(whole, { actor, origin, action, target: done.target, before: done.before, after: done.after }, now);
    await keepAnswer(whole, order.repeatable, done.answer);
    return done.answer;
  });
}

/** As `If-Match` has it: one version, several, or any. */
const isMeant = (ifMatch: string | undefined, state: Json): boolean =>
  ifMatch === undefined ||
  ['*', versionOf(state)].some((one) => ifMatch.split(',').some((each) => each.trim() === one));

/** Names a state by its content: the value of an ETag. */
export const versionOf = (state: Json): string =>
  `"${sha256(canonicalJson(state)).toString('base64url').slice(0, 22)}"`;
