import type { ApiDocument, Operation } from './document.ts';

export interface Match {
  readonly operation: Operation;
  readonly pathValues: ReadonlyMap<string, string>;
}

/** The operation of a request. Where two paths fit, literal segments beat parameters, from the left. */
export function matchOf(document: ApiDocument, method: string, path: string): Match | undefined {
  if (!path.startsWith(`${document.basePath}/`)) return undefined;
  const given = path.slice(document.basePath.length + 1).split('/');
  const best = document.operations
    .filter((operation) => operation.method === method && fits(operation, given))
    .sort((left, right) => (literalness(left) < literalness(right) ? 1 : -1))[0];
  return best === undefined ? undefined : { operation: best, pathValues: valuesOf(best, given) };
}

const isParameter = (segment: string): boolean => segment.startsWith('{');

const fits = ({ segments }: Operation, given: readonly string[]): boolean =>
  segments.length === given.length &&
  segments.every((segment, index) => (isParameter(segment) ? given[index] !== '' : segment === given[index]));

const literalness = ({ segments }: Operation): string =>
  segments.map((segment) => (isParameter(segment) ? '0' : '1')).join('');

const valuesOf = ({ segments }: Operation, given: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    segments.flatMap((segment, index) =>
      isParameter(segment) ? [[segment.slice(1, -1), decodeURIComponent(given[index] ?? '')] as const] : [],
    ),
  );
