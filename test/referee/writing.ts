import { objectOf, type Json, type JsonObject } from '../../src/base/json.ts';
import { alternativesOf, bodyOf, choicesOf, propertiesOf, requiredOf, type Ground } from './bodies.ts';
import type { Operation } from './document.ts';
import { idIn, type Call, type Reply, type Walker } from './walker.ts';

/** What the schema alone does not say about a body. */
export interface Hints {
  /** Values that mean something here, instead of made-up ones. */
  readonly values?: JsonObject;
  /** Properties that are only good together with others. */
  readonly companions?: Readonly<Record<string, readonly string[]>>;
  /** Properties that are not written on their own or together with all others. */
  readonly except?: readonly string[];
  readonly path?: Call['path'];
}

const wordsOf = ({ segments }: Operation): string => segments[0] ?? '';

export const schemaOf = (operation: Operation): JsonObject => operation.bodies.get('application/json') ?? {};

const groundFor = (walker: Walker, operation: Operation, turn: number): Ground => ({
  known: walker.known,
  collection: wordsOf(operation),
  turn,
});

/** A good body with only what is required, or with these properties too. */
export function goodBody(
  walker: Walker,
  name: string,
  hints: Hints = {},
  also: readonly string[] = [],
  turn = 0,
): JsonObject {
  const operation = walker.operation(name);
  const schema = schemaOf(operation);
  const wanted = [...requiredOf(schema, turn), ...also, ...also.flatMap((one) => hints.companions?.[one] ?? [])];
  const body = bodyOf(schema, groundFor(walker, operation, turn), wanted);
  const told = Object.entries(hints.values ?? {}).filter(([property]) => wanted.includes(property));
  return { ...body, ...Object.fromEntries(told) };
}

/** The properties that may be written, but for those that the hints leave out. */
function writable(walker: Walker, name: string, hints: Hints = {}, turn = 0): readonly string[] {
  const properties = Object.entries(propertiesOf(schemaOf(walker.operation(name)), turn));
  return properties
    .filter(([property, schema]) => !hints.except?.includes(property) && !isReadOnly(schema))
    .map(([property]) => property);
}

const isReadOnly = (schema: Json): boolean => typeof schema === 'object' && schema !== null && 'readOnly' in schema;

/** Writes what is required alone, then each other property by itself, then all; the ids that were answered. */
export async function createEach(walker: Walker, name: string, hints: Hints = {}): Promise<readonly number[]> {
  const operation = walker.operation(name);
  const turns = Math.max(1, alternativesOf(schemaOf(operation)).length);
  const made: (number | undefined)[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const all = writable(walker, name, hints, turn);
    const required = requiredOf(schemaOf(operation), turn);
    const sets = [[], ...all.filter((one) => !required.includes(one)).map((one) => [one]), all];
    for (const also of sets) {
      const body = goodBody(walker, name, hints, also, turn);
      made.push(idIn(await write(walker, name, hints, body, also)));
    }
  }
  return made.filter((id) => id !== undefined);
}

/**
 * Writes each property by itself: each value of an enum, two values of anything else, null where it says nothing but
 * "or null"; and at last all together, without webhooks.
 */
export async function updateEach(walker: Walker, name: string, hints: Hints = {}): Promise<void> {
  const all = writable(walker, name, hints);
  const schemas = propertiesOf(schemaOf(walker.operation(name)));
  for (const [index, property] of all.entries()) {
    const schema = objectOf(schemas[property]);
    const turns = Math.max(2, choicesOf(schema).length);
    for (let turn = index; turn < index + turns; turn++)
      await write(walker, name, hints, goodBody(walker, name, hints, [property], turn), [property]);
    if (isClearable(schema)) {
      const body = { ...goodBody(walker, name, hints, [property]), [property]: null };
      await write(walker, name, hints, body, [property, 'null']);
    }
  }
  const path = hints.path ?? {};
  const query = [['skipWebhook', 'true']] as const;
  await walker.call(name, { path, query, body: goodBody(walker, name, hints, all), because: 'with everything' });
}

/** An enum without null in it, and alternatives of which several allow null, leave open whether null is meant. */
const isClearable = (schema: JsonObject): boolean =>
  schema['nullable'] === true && choicesOf(schema).length === 0 && alternativesOf(schema).length === 0;

function write(walker: Walker, name: string, hints: Hints, body: Json, also: readonly string[]): Promise<Reply> {
  const because = also.length === 0 ? 'only the required' : `with ${also.slice(0, 3).join()}`;
  return walker.call(name, { body, because, ...(hints.path === undefined ? {} : { path: hints.path }) });
}

/** Creates in every way, remembers under the collection, and gives the ids. */
export async function create(walker: Walker, collection: string, hints: Hints = {}): Promise<readonly number[]> {
  const ids = await createEach(walker, `POST /${collection}`, hints);
  for (const id of ids) walker.known.addMade(collection, id);
  return ids;
}
