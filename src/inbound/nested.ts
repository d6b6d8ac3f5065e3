import { keptName, kindEntry, type NestedEntry, type Nesting } from '../maintainx/index.ts';
import { isEmpty, keyText, type Outcome, type RecordKey, type RecordStatements } from '../records/index.ts';
import type { Wish } from './statements.ts';

/** What becomes of the rows that hang on a record after that was observed; null: nothing. */
type Need = 'first' | 'moved' | 'again' | 'end';

/** Besides what moved. */
export interface Demand {
  readonly isDue: (nesting: Nesting) => boolean;
  readonly insists: (outcome: Outcome) => boolean;
}

interface Candidate {
  readonly key: RecordKey;
  /** When we hold no living rows, and when we do. */
  readonly unheld: Need | null;
  readonly held: Need | null;
}

/**
 * Wishes for the rows that hang on observed records: what was never read, what moved, and what went with its parent.
 * What was read before is read again where `isDue` says so; what was never read, and was given up, is tried again when the
 * caller `insists`.
 */
export async function nestedWishes(
  records: Pick<RecordStatements, 'living'>,
  copied: readonly NestedEntry[],
  outcomes: readonly Outcome[],
  { isDue, insists }: Demand,
): Promise<readonly Wish[]> {
  const candidates = copied.flatMap((entry) =>
    outcomes
      .filter(({ key }) => key.kind === entry.nesting.parent)
      .map((outcome) => candidateOf(entry, outcome, isDue(entry.nesting), insists(outcome)))
      .filter(({ unheld, held }) => unheld !== null || held !== null),
  );
  if (candidates.length === 0) return [];
  const living = await records.living(candidates.map(({ key }) => key));
  return candidates.flatMap(({ key, unheld, held }) => {
    const need = living.has(keyText(key)) ? held : unheld;
    return need === null ? [] : [{ key, reason: REASONS[need], explainedBy: [] }];
  });
}

/** What is read again, or ends, does not wait for an earlier wish that was postponed. */
const REASONS = { first: 'detail', moved: 'change', again: 'reread', end: 'reread' } as const;

function candidateOf({ kind, nesting }: NestedEntry, outcome: Outcome, isDue: boolean, insists: boolean): Candidate {
  const key = { ...outcome.key, kind };
  const parent = outcome.held;
  if (parent === undefined || parent.deletedAt !== null)
    return { key, unheld: null, held: outcome.verdict === 'vanished' ? 'end' : null };
  const moves = nesting.moves.map((field) => keptName(kindEntry(nesting.parent), field));
  const hasMoved = outcome.verdict !== 'appeared' && moves.some((field) => outcome.changed.includes(field));
  const mayHaveRows = moves.length === 0 || moves.some((field) => hasSome(parent.state[field]));
  const first = insists ? 'again' : 'first';
  return { key, unheld: mayHaveRows ? first : null, held: hasMoved ? 'moved' : isDue ? 'again' : null };
}

/** A count of zero is none, as an empty list is. */
const hasSome = (value: Parameters<typeof isEmpty>[0]): boolean => !isEmpty(value) && value !== 0;
