import { objectOf, parseStored, type Json } from '../base/json.ts';
import { isKind, KINDS, type Kind } from '../maintainx/index.ts';
import type { KindProgress, RunOptions } from './statements.ts';

/** Before the first page of every kind. */
export const freshProgress = (): readonly KindProgress[] => KINDS.map(waiting);

const waiting = (kind: Kind): KindProgress => ({
  kind,
  state: 'waiting',
  cursor: null,
  pages: 0,
  rows: 0,
  suspects: 0,
  braked: false,
});

/** The progress with one kind's part replaced. */
export const withKind = (progress: readonly KindProgress[], changed: KindProgress): readonly KindProgress[] =>
  progress.map((one) => (one.kind === changed.kind ? changed : one));

export function parseOptions(text: string): RunOptions {
  const { reread, releaseBrake } = objectOf(parseStored(text));
  return {
    reread: reread === 'all' || reread === 'untimed' ? reread : 'due',
    releaseBrake: releaseBrake === true,
  };
}

export function parseProgress(text: string): readonly KindProgress[] {
  const stored = parseStored(text);
  return Array.isArray(stored) ? stored.map(kindProgress).filter((one) => one !== undefined) : [];
}

function kindProgress(value: Json): KindProgress | undefined {
  const { kind, state, cursor, pages, rows, suspects, braked } = objectOf(value);
  if (typeof kind !== 'string' || !isKind(kind)) return undefined;
  return {
    kind,
    state: state === 'done' || state === 'listing' ? state : 'waiting',
    cursor: typeof cursor === 'string' ? cursor : null,
    pages: Number(pages),
    rows: Number(rows),
    suspects: Number(suspects),
    braked: braked === true,
  };
}
