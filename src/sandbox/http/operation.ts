import { SPECIFICATION, type Operations } from '../../maintainx/catalogue/index.ts';
import type { OperationShape } from '../../maintainx/specification/index.ts';

/** The name of one of MaintainX's operations, e.g. `listWorkOrderComments`. */
export type OperationName = keyof Operations;

interface Route {
  readonly name: OperationName;
  readonly shape: OperationShape;
  readonly segments: readonly string[];
}

const isName = (name: string): name is OperationName => Object.hasOwn(SPECIFICATION.operations, name);

/** By method and number of segments; a literal segment goes before a parameter. */
const ROUTES: ReadonlyMap<string, readonly Route[]> = Map.groupBy(
  Object.keys(SPECIFICATION.operations)
    .filter(isName)
    .map((name) => ({
      name,
      shape: SPECIFICATION.operations[name],
      segments: split(SPECIFICATION.operations[name].path),
    }))
    .sort((left, right) => literals(right) - literals(left)),
  ({ shape, segments }) => `${shape.method} ${segments.length}`,
);

export interface Matched {
  readonly name: OperationName;
  readonly shape: OperationShape;
  /** Path parameters by name, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** The operation at `path` (without `/v1`), if MaintainX has one. */
export function matchOperation(method: string, path: string): Matched | undefined {
  const asked = split(path);
  const route = ROUTES.get(`${method} ${asked.length}`)?.find(({ segments }) =>
    segments.every((segment, index) => isParameter(segment) || segment === asked[index]),
  );
  if (route === undefined) return undefined;
  const params = Object.fromEntries(
    route.segments.flatMap((segment, index) =>
      isParameter(segment) ? [[segment.slice(1, -1), decoded(asked[index] ?? '')]] : [],
    ),
  );
  return { name: route.name, shape: route.shape, params };
}

function split(path: string): readonly string[] {
  return path.split('/').slice(1);
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}

function literals({ segments }: Route): number {
  return segments.filter((segment) => !isParameter(segment)).length;
}

/** Text that is no valid encoding stands for itself. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
