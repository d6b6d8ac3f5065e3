import { isObject, objectOf, type Json, type JsonObject } from '../../base/json.ts';
import { compactSpecification } from './compact.ts';
import { Expansion } from './expand.ts';
import { listOf } from './list.ts';
import type { OperationShape, Specification } from './shape.ts';
import { wholeSpecification } from './whole.ts';

/** What a document says, or why it cannot be read, as the end of a sentence. */
export type Reading = { readonly specification: Specification } | { readonly refused: string };

/** One operation of a document with its path and its method as written, e.g. `get`. */
export interface WrittenOperation {
  readonly path: string;
  readonly method: string;
  readonly written: Json;
}

/** Makes the shape of one operation, with its name; undefined: of a method that the catalogue does not keep. */
export type ReadOperation = (
  one: WrittenOperation,
  expansion: Expansion,
) => readonly [string, OperationShape] | undefined;

/**
 * The whole specification in a stranger's OpenAPI document. Each operation is read for itself: two whose paths give the
 * same name (`/workorders`, `/work-orders`) both stay. Never throws; what is not understood is left out.
 */
export function readSpecification(document: Json, readOne: ReadOperation = readOperation): Reading {
  const refused = whyNot(document);
  if (refused !== undefined) return { refused };
  const root = objectOf(document);
  const expansion = new Expansion(document);
  const operations: Record<string, OperationShape> = {};
  for (const one of writtenOperations(root)) {
    const read = readOne(one, expansion);
    if (read !== undefined) operations[freeName(read, operations)] = read[1];
  }
  const hooks = { 'x-webhooks': expansion.of(root['x-webhooks'] ?? {}), info: root['info'] ?? {} };
  if (expansion.isExhausted) return { refused: 'holds more than can be compared' };
  const { version, events } = wholeSpecification(compactSpecification(hooks));
  return { specification: { version, shapes: {}, operations, events } };
}

function whyNot(document: Json): string | undefined {
  if (!isObject(document)) return 'is not a JSON object, so no OpenAPI document';
  const version = document['openapi'];
  if (typeof version !== 'string' || !version.startsWith('3.'))
    return 'is no OpenAPI 3 document: "openapi" does not begin with "3."';
  return isObject(document['paths']) ? undefined : 'is no OpenAPI document: "paths" is not an object';
}

function writtenOperations(root: JsonObject): WrittenOperation[] {
  return Object.entries(objectOf(root['paths'])).flatMap(([path, item]) => {
    const { parameters, ...methods } = objectOf(item);
    return Object.entries(methods).map(([method, written]) => ({
      path,
      method,
      written: withAll(written, parameters),
    }));
  });
}

/** Parameters of a path count for each of its operations; one of the operation's own wins, since the last wins. */
function withAll(written: Json, parameters: Json | undefined): Json {
  if (parameters === undefined || !isObject(written)) return written;
  return { ...written, parameters: [...listOf(parameters), ...listOf(written['parameters'])] };
}

export const readOperation: ReadOperation = ({ path, method, written }, expansion) => {
  const expanded = expansion.of(written);
  // Refused in the end: not worth the work.
  if (expansion.isExhausted) return undefined;
  const alone = compactSpecification({ paths: { [path]: { [method]: expanded } } });
  return Object.entries(wholeSpecification(alone).operations)[0];
};

function freeName([name, { method, path }]: readonly [string, OperationShape], taken: object): string {
  return Object.hasOwn(taken, name) ? `${name} (${method} ${path})` : name;
}
