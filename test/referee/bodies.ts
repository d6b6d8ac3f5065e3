import { isObject, objectOf, type Json, type JsonObject } from '../../src/base/json.ts';
import { objectsOf, typeOf } from './document.ts';
import { NO_ID, type Known } from './known.ts';

/** Where the values of a body come from. */
export interface Ground {
  readonly known: Known;
  /** First word of the operation's path. */
  readonly collection: string;
  /** Which of several enum values or alternatives; counted round. */
  readonly turn: number;
}

/** The collection that a property refers to by id. `parentId` refers to its own. */
const REFERS_TO: Readonly<Record<string, string>> = {
  asset: 'assets',
  location: 'locations',
  sourceLocation: 'locations',
  destinationLocation: 'locations',
  team: 'teams',
  approverTeam: 'teams',
  vendor: 'vendors',
  vendorContact: 'contacts',
  part: 'parts',
  sourcePart: 'parts',
  destinationPart: 'parts',
  meter: 'meters',
  user: 'users',
  member: 'users',
  assignee: 'users',
  requester: 'users',
  criticality: 'assetcriticalities',
  customStatus: 'assetcustomstatuses',
  procedureTemplate: 'proceduretemplates',
  procedureBlueprint: 'proceduretemplates',
  tag: 'categories',
  tags: 'categories',
  workOrderBlueprint: 'workorderblueprints',
  workOrderTemplate: 'workordertemplates',
  workRequest: 'workrequests',
  manufacturer: 'manufacturers',
  workOrderField: 'workorderfields',
  shippingAddress: 'addresses',
  billingAddress: 'addresses',
};

/** The properties of an object schema, those of its alternative of this turn included. */
export function propertiesOf(schema: JsonObject, turn = 0): JsonObject {
  const alternative = alternativeOf(schema, turn);
  const inside = alternative === undefined ? {} : propertiesOf(alternative, turn);
  return { ...objectOf(schema['properties']), ...inside };
}

export function requiredOf(schema: JsonObject, turn = 0): readonly string[] {
  const alternative = alternativeOf(schema, turn);
  const own = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  return [...own, ...(alternative === undefined ? [] : requiredOf(alternative, turn))];
}

export const alternativesOf = (schema: JsonObject): readonly JsonObject[] => [
  ...objectsOf(schema['oneOf']),
  ...objectsOf(schema['anyOf']),
];

function alternativeOf(schema: JsonObject, turn: number): JsonObject | undefined {
  // A mended schema allows null besides; nobody wants to write only that.
  const all = alternativesOf(schema).filter((one) => !(Array.isArray(one['enum']) && one['enum'][0] === null));
  return all[turn % Math.max(1, all.length)];
}

/** A body with these properties of the schema, or with all. */
export function bodyOf(schema: JsonObject, ground: Ground, only?: readonly string[]): JsonObject {
  const properties = Object.entries(propertiesOf(schema, ground.turn));
  const wanted = properties.filter(([name, inside]) => only?.includes(name) ?? objectOf(inside)['readOnly'] !== true);
  return Object.fromEntries(wanted.map(([name, inside]) => [name, valueOf(name, objectOf(inside), ground)]));
}

/** A value that the schema allows and that means something: ids are of what exists. */
export function valueOf(name: string, schema: JsonObject, ground: Ground): Json {
  const choices = choicesOf(schema);
  if (choices.length > 0) return choices[ground.turn % choices.length] ?? null;
  if (schema['type'] === 'array') return [valueOf(name, objectOf(schema['items']), ground)];
  const id = idFor(name, schema, ground);
  if (id !== undefined) return id;
  const alternative = alternativeOf(schema, ground.turn);
  if (alternative !== undefined && !isObject(schema['properties'])) return valueOf(name, alternative, ground);
  switch (typeOf(schema)) {
    case 'boolean':
      return ground.turn % 2 === 0;
    case 'integer':
      return withinBounds(schema);
    case 'number':
      return schema['format'] === 'decimal' ? 2.5 : 2;
    case 'string':
      return textFor(name, schema, ground);
    default:
      return objectFor(name, schema, ground);
  }
}

/** The values of an enum but null. */
export function choicesOf(schema: JsonObject): readonly Json[] {
  const choices: Json | undefined = schema['enum'];
  return Array.isArray(choices) ? choices.filter((one: Json) => one !== null) : [];
}

function withinBounds({ minimum, maximum }: JsonObject): number {
  const least = typeof minimum === 'number' ? minimum : 2;
  return Math.max(least, Math.min(2, typeof maximum === 'number' ? maximum : 2));
}

function idFor(name: string, schema: JsonObject, { known, collection, turn }: Ground): number | undefined {
  if (!['integer', 'number'].includes(typeOf(schema)) && alternativesOf(schema).length === 0) return undefined;
  if (name === 'parentId') return known.one(collection, turn);
  const subject = /^(.+?)Ids?$/.exec(name)?.[1];
  if (subject === undefined) return undefined;
  const id = known.one(REFERS_TO[subject] ?? subject, turn);
  return id === NO_ID ? undefined : id;
}

function objectFor(name: string, schema: JsonObject, ground: Ground): Json {
  if (isObject(schema['properties'])) return bodyOf(schema, ground);
  if (!/extraFields/i.test(name)) return {};
  const label = ground.known.label(ground.collection);
  return label === undefined ? {} : { [label]: `value ${ground.known.next()}` };
}

const DAY_MS = 86_400_000;

function textFor(name: string, schema: JsonObject, { known }: Ground): string {
  const soon = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
  if (/^(startedAt|depreciationStartDate|purchaseDate|createdAt|readingDate)$/.test(name)) return soon(-1 / 24);
  if (/^startDate$/.test(name)) return soon(1);
  if (schema['format'] === 'date-time' || /(Date|At)$/.test(name)) return soon(2);
  if (/email/i.test(name)) return `walk${known.next()}@example.com`;
  if (/phone/i.test(name)) return `+1415555${String(1000 + known.next())}`;
  if (/^(url|link)$/.test(name)) return 'https://example.com/manual';
  if (/uuid/i.test(name)) return `00000000-0000-4000-8000-${String(known.next()).padStart(12, '0')}`;
  return `${name} ${known.next()}`;
}
