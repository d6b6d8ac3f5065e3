import { sameJson } from '../../src/base/canonical-json.ts';
import { SPECIFICATION } from '../../src/maintainx/catalogue/index.ts';
import type { Difference } from '../../src/maintainx/specification/differences.ts';
import type { OperationShape } from '../../src/maintainx/specification/shape.ts';
import { groupDifferences, placeInWords } from '../../src/maintainx/specification/words.ts';
import type { Expected, Mutation } from './mutations.ts';

/** Why a mutation does not count as named; none: it does. */
export function complaints({ kind, expected }: Mutation, found: readonly Difference[]): readonly string[] {
  const unnamed = expected.filter((one) => !found.some((difference) => isNamed(one, difference)));
  if (unnamed.length === 0 && found.length === expected.length && isSaid(expected, found)) return [];
  return [`${kind}: wanted ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`];
}

function isNamed(expected: Expected, { place, verb, aspect, before, after }: Difference): boolean {
  const { operation, parameter, body, status, event, field } = place;
  const part =
    (parameter && `${parameter.in} parameter ${parameter.name}`) ??
    (body === true ? 'request body' : undefined) ??
    (status === undefined ? '' : `answer ${status}`);
  return (
    verb === expected.verb &&
    aspect === expected.aspect &&
    (operation === undefined ? event : `${operation.method} ${operation.path}`) === expected.owner &&
    part === expected.part &&
    // Which of several variants is meant is the sentinel's own way of saying it.
    withoutVariants(field ?? '').replace(/^\./, '') === expected.field &&
    (expected.before === undefined || sameJson(before, expected.before)) &&
    (expected.after === undefined || sameJson(after, expected.after))
  );
}

/** Whether the words that a person reads name the same things: the operation by its name too. */
function isSaid(expected: readonly Expected[], found: readonly Difference[]): boolean {
  const text = groupDifferences(found)
    .map(({ sentence, places }) => withoutVariants([sentence, ...places.map(placeInWords)].join('\n')))
    .join('\n');
  return expected.every((one) => {
    const values = one.aspect === 'enum value' ? [JSON.stringify(one.after ?? one.before)] : [];
    const names = [one.owner, nameOf(one.owner), one.part, one.field, ...values];
    return names.every((name) => text.includes(name));
  });
}

const withoutVariants = (text: string): string => text.replaceAll(/<[^>]*>/g, '');

function nameOf(owner: string): string {
  const known = Object.entries<OperationShape>(SPECIFICATION.operations);
  return known.find(([, { method, path }]) => `${method} ${path}` === owner)?.[0] ?? owner;
}
