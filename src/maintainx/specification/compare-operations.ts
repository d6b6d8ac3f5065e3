import { placedAt } from './compare-shapes.ts';
import { beforeAfter, type Change, type Place, type PlacedChange } from './differences.ts';
import { pairBy } from './pair.ts';
import type { BodyShape, OperationShape, ParameterShape, Shape } from './shape.ts';

/** What changed in one operation. */
export function compareOperations(name: string, known: OperationShape, given: OperationShape): PlacedChange[] {
  const { method, path, section } = known;
  const place: Place = { operation: { name, method, path, section } };
  return [
    ...headChanges(known, given).map((change) => ({ ...change, place })),
    ...parametersChanges(place, known.parameters, given.parameters),
    ...bodyChanges({ ...place, body: true }, known.body, given.body),
    ...answersChanges(place, known.answers, given.answers),
  ];
}

const HEAD = ['path', 'section', 'deprecated', 'open'] as const;

function headChanges(known: OperationShape, given: OperationShape): Change[] {
  return HEAD.filter((aspect) => known[aspect] !== given[aspect]).map((aspect) => ({
    verb: 'changed',
    aspect,
    ...beforeAfter(known[aspect], given[aspect]),
  }));
}

function parametersChanges(
  place: Place,
  known: readonly ParameterShape[],
  given: readonly ParameterShape[],
): PlacedChange[] {
  // One that is left may have moved, e.g. from the query to the headers.
  const { pairs, removed, added } = pairBy(known, given, [
    ({ name, in: where }) => `${where} ${name}`,
    ({ name }) => name,
  ]);
  return [
    ...pairs.flatMap(([left, right]) => parameterChanges(place, left, right)),
    ...removed.map((one) => ({ verb: 'removed' as const, aspect: 'parameter' as const, place: at(place, one) })),
    ...added.map((one) => ({
      verb: 'added' as const,
      aspect: 'parameter' as const,
      place: at(place, one),
      after: one.shape,
      ...(one.required ? { mandatory: true as const } : {}),
    })),
  ];
}

const at = (place: Place, { name, in: where }: ParameterShape): Place => ({ ...place, parameter: { name, in: where } });

function parameterChanges(operation: Place, known: ParameterShape, given: ParameterShape): PlacedChange[] {
  const place = at(operation, known);
  const own = (['in', 'required', 'style', 'explode'] as const).filter((aspect) => known[aspect] !== given[aspect]);
  return [
    ...own.map((aspect) => ({
      verb: 'changed' as const,
      aspect,
      place,
      ...beforeAfter(known[aspect], given[aspect]),
    })),
    ...placedAt(place, known.shape, given.shape),
  ];
}

function bodyChanges(place: Place, known: BodyShape | undefined, given: BodyShape | undefined): PlacedChange[] {
  if (known === undefined && given === undefined) return [];
  if (known === undefined)
    return [{ verb: 'added', aspect: 'body', place, ...(given?.required === true ? { mandatory: true } : {}) }];
  if (given === undefined) return [{ verb: 'removed', aspect: 'body', place }];
  const [before, after] = [known.required, given.required];
  return [
    ...(before === after ? [] : [{ verb: 'changed' as const, aspect: 'required' as const, place, before, after }]),
    ...contentChanges(place, known, given),
  ];
}

function contentChanges(place: Place, known: BodyShape, given: BodyShape): PlacedChange[] {
  const shapes = 'json' in known && 'json' in given ? placedAt(place, known.json, given.json) : [];
  const [before, after] = [contentTypes(known), contentTypes(given)];
  return [
    ...shapes,
    ...[...before]
      .filter((type) => !after.has(type))
      .map((type) => ({
        verb: 'removed' as const,
        aspect: 'content type' as const,
        place,
        before: type,
      })),
    ...[...after]
      .filter((type) => !before.has(type))
      .map((type) => ({
        verb: 'added' as const,
        aspect: 'content type' as const,
        place,
        after: type,
      })),
  ];
}

const contentTypes = (body: BodyShape): Set<string> =>
  new Set('json' in body ? ['application/json', ...(body.also ?? [])] : body.bytes);

type Answers = OperationShape['answers'];

function answersChanges(place: Place, known: Answers, given: Answers): PlacedChange[] {
  return [...new Set([...Object.keys(known), ...Object.keys(given)])].flatMap((status): PlacedChange[] => {
    const here: Place = { ...place, status };
    const [left, right] = [answerOf(known, status), answerOf(given, status)];
    if (left === undefined)
      return [{ verb: 'added', aspect: 'answer', place: here, ...beforeAfter(undefined, right ?? undefined) }];
    if (right === undefined) return [{ verb: 'removed', aspect: 'answer', place: here }];
    if (left !== null && right !== null) return placedAt(here, left, right);
    if (left === right) return [];
    return [
      left === null
        ? { verb: 'added', aspect: 'content', place: here, ...beforeAfter(undefined, right ?? undefined) }
        : { verb: 'removed', aspect: 'content', place: here, before: left },
    ];
  });
}

/** Undefined: no answer of this status; null: one without JSON. */
const answerOf = (answers: Answers, status: string): Shape | null | undefined =>
  Object.hasOwn(answers, status) ? answers[status] : undefined;
