import type { JsonObject } from '../base/json.ts';
import { kindEntry, type Kind } from '../maintainx/index.ts';
import { isEmpty, normalize, sameValue } from './normalize.ts';
import type { HeldRecord } from './record.ts';

/** One compared field of one record in which our copy and the original differ. */
export interface Difference {
  readonly kind: Kind;
  readonly recordId: string;
  /** `*`: the whole record is missing here or there. */
  readonly field: string;
  readonly here: unknown;
  readonly there: unknown;
}

/** What comparing needs of a copy. */
export type Copy = Pick<HeldRecord, 'key' | 'state' | 'deletedAt'>;

/** Our living copies of a kind against the originals, as single GETs of MaintainX would show them. */
export function compareKind(
  kind: Kind,
  originals: readonly JsonObject[],
  held: readonly Copy[],
): readonly Difference[] {
  const copies = new Map(held.filter(isThere).map((one) => [one.key.recordId, one]));
  const differences: Difference[] = [];
  for (const original of originals) {
    const recordId = idOf(original);
    const copy = copies.get(recordId);
    copies.delete(recordId);
    if (copy === undefined) differences.push({ kind, recordId, field: '*', here: null, there: original });
    else differences.push(...compareRecord(kind, recordId, original, copy));
  }
  for (const recordId of copies.keys())
    differences.push({ kind, recordId, field: '*', here: 'a living record', there: null });
  return differences;
}

/** What hangs on a record and has no rows is the same as nothing. */
const isThere = ({ key, state, deletedAt }: Copy): boolean =>
  deletedAt === null && (kindEntry(key.kind).nesting === undefined || !isEmpty(state['rows']));

/** A record's id as text. */
export const idOf = ({ id }: JsonObject): string =>
  typeof id === 'number' || typeof id === 'string' ? String(id) : '';

function compareRecord(kind: Kind, recordId: string, original: JsonObject, copy: Copy): readonly Difference[] {
  const { state } = normalize(kind, 'get', original);
  const fields = new Set([...Object.keys(state), ...Object.keys(copy.state)]);
  return [...fields]
    .filter((field) => !sameValue(state[field], copy.state[field]))
    .filter((field) => field in state || !isEmpty(copy.state[field]))
    .map((field) => ({ kind, recordId, field, here: copy.state[field] ?? null, there: state[field] ?? null }));
}
