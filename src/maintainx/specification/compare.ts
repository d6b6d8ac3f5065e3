import { affectedParts, NO_PARTS, type Parts } from './affects.ts';
import { compareOperations } from './compare-operations.ts';
import { placedAt } from './compare-shapes.ts';
import type { Difference, Place, PlacedChange } from './differences.ts';
import { pairBy } from './pair.ts';
import { SEVERITIES, severityOf } from './severity.ts';
import type { OperationShape, Shape, Specification } from './shape.ts';
import { wholeSpecification } from './whole.ts';
import { placeInWords } from './words.ts';

/**
 * Everything that is new, gone or changed in `given`, breaking differences first. Shapes are compared as they are, not
 * by the names under which they are shared: a change of a shared object is a difference at each place of it.
 */
export function compareSpecifications(
  known: Specification,
  given: Specification,
  parts: Parts = NO_PARTS,
): readonly Difference[] {
  const [before, after] = [withoutReferences(known), withoutReferences(given)];
  const changes = [
    ...versionChanges(before, after),
    ...operationChanges(before, after),
    ...eventChanges(before, after),
  ];
  return changes
    .map((change) => ({ ...change, severity: severityOf(change), affects: affectedParts(change, parts) }))
    .map((difference) => ({ difference, rank: rankOf(difference) }))
    .sort((left, right) => (left.rank < right.rank ? -1 : left.rank > right.rank ? 1 : 0))
    .map(({ difference }) => difference);
}

/** What was read from a document is whole already. */
const withoutReferences = (specification: Specification): Specification =>
  Object.keys(specification.shapes).length === 0 ? specification : wholeSpecification(specification);

const rankOf = ({ severity, place, aspect }: Difference): string =>
  `${SEVERITIES.indexOf(severity)} ${placeInWords(place)} ${aspect}`;

function versionChanges({ version: before }: Specification, { version: after }: Specification): PlacedChange[] {
  return before === after ? [] : [{ verb: 'changed', aspect: 'version', place: {}, before, after }];
}

type Named = readonly [name: string, operation: OperationShape];

function operationChanges(known: Specification, given: Specification): PlacedChange[] {
  const { pairs, removed, added } = pairBy<Named>(Object.entries(known.operations), Object.entries(given.operations), [
    exactAddress,
    bareAddress,
  ]);
  return [
    ...pairs.flatMap(([[name, left], [, right]]) => compareOperations(name, left, right)),
    ...removed.map((one) => ({ verb: 'removed' as const, aspect: 'operation' as const, place: placeOf(one) })),
    ...added.map((one) => ({ verb: 'added' as const, aspect: 'operation' as const, place: placeOf(one) })),
  ];
}

const placeOf = ([name, { method, path, section }]: Named): Place => ({ operation: { name, method, path, section } });

const exactAddress = ([, { method, path }]: Named): string => `${method} ${path}`;
/** One whose parameters are called otherwise has the same. */
const bareAddress = (one: Named): string => exactAddress(one).replaceAll(/\{[^{}]*\}/g, '{}');

function eventChanges({ events: known }: Specification, { events: given }: Specification): PlacedChange[] {
  const names = new Set([...Object.keys(known), ...Object.keys(given)]);
  return [...names].flatMap((event): PlacedChange[] => {
    const [left, right] = [shapeAt(known, event), shapeAt(given, event)];
    if (left === undefined || right === undefined)
      return [{ verb: left === undefined ? 'added' : 'removed', aspect: 'event', place: { event } }];
    return placedAt({ event }, left, right);
  });
}

const shapeAt = (events: Specification['events'], name: string): Shape | undefined =>
  Object.hasOwn(events, name) ? events[name] : undefined;
