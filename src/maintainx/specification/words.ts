import { isObject, type Json } from '../../base/json.ts';
import type { Aspect, Difference, Place, PlacedChange } from './differences.ts';

/** Differences that are the same change in several places, e.g. of an object that many operations share. */
export interface DifferenceGroup {
  readonly severity: Difference['severity'];
  readonly sentence: string;
  readonly places: readonly Place[];
  /** Of all places, each once. */
  readonly affects: readonly string[];
}

/** One group for each distinct change, in the order of the differences. */
export function groupDifferences(differences: readonly Difference[]): readonly DifferenceGroup[] {
  const groups = Map.groupBy(differences, (one) => `${one.severity} ${sentenceOf(one)}`);
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const affects = [...new Set(members.flatMap((one) => one.affects))];
    const places = members.map(({ place }) => place);
    return [{ severity: first.severity, sentence: sentenceOf(first), places, affects }];
  });
}

/** What happened, without the place but for the nearest name: `field "status": value "BLOCKED" is new`. */
function sentenceOf(change: PlacedChange): string {
  const subject = subjectOf(change.place);
  const { verb, aspect } = change;
  if (aspect === 'version') return `the version of the document ${fromTo(change)}`;
  if (isWhole(change)) return verb === 'added' ? `${subject} is new${described(change)}` : `${subject} is gone`;
  return `${subject}: ${detailOf(change)}`;
}

/** Whether the change is about the place as a whole. */
const isWhole = ({ aspect, verb }: PlacedChange): boolean =>
  verb !== 'changed' && ['operation', 'parameter', 'body', 'answer', 'event', 'field', 'variant'].includes(aspect);

function subjectOf({ operation, parameter, body, status, event, field }: Place): string {
  if (parameter !== undefined)
    return `${clean(parameter.in)} parameter "${clean(parameter.name)}"${field === undefined ? '' : ` at ${clean(field)}`}`;
  if (field !== undefined) {
    const variant = /<(.*)>$/.exec(leafOf(field))?.[1];
    return variant === undefined ? `field "${leafOf(field)}"` : `variant "${variant}"`;
  }
  if (body === true) return 'the body of the request';
  if (status !== undefined) return `answer ${clean(status)}`;
  if (event !== undefined) return `event ${clean(event)}`;
  return operation === undefined ? 'the document' : `operation ${addressInWords(operation)}`;
}

/** The last name of a field's path with what follows it; a variant's mark is kept, since its text may hold dots. */
const leafOf = (field: string): string => clean(/(?:^|\.)((?:[^.<]|<[^>]*>)*)$/.exec(field)?.[1] ?? field);

function described({ after, mandatory }: PlacedChange): string {
  const type = isObject(after) && typeof after['type'] === 'string' ? after['type'] : undefined;
  const words = [
    type,
    isObject(after) && after['nullable'] === true ? 'or null' : undefined,
    mandatory === true ? 'required' : undefined,
  ].filter((word) => word !== undefined);
  return words.length === 0 ? '' : ` (${clean(words.join(', '))})`;
}

function detailOf(change: PlacedChange): string {
  const { verb, aspect, before, after } = change;
  const value = shown(verb === 'added' ? after : before);
  if (aspect === 'enum value') return `value ${value} is ${verb === 'added' ? 'new' : 'gone'}`;
  if (aspect === 'content type') return `content type ${value} is ${verb === 'added' ? 'new' : 'gone'}`;
  if (aspect === 'content') return verb === 'added' ? 'it now has JSON' : 'it has no JSON any more';
  const words = ON_OFF[aspect];
  if (words !== undefined) return `it ${after === true ? words[0] : words[1]}`;
  return `${aspect === 'in' ? 'its place' : `its ${aspect}`} ${fromTo(change)}`;
}

/** Aspects that are or are not: what to say when they became so and when they ceased. */
const ON_OFF: Partial<Record<Aspect, readonly [on: string, off: string]>> = {
  required: ['is now required', 'is no longer required'],
  nullable: ['may now be null', 'may no longer be null'],
  deprecated: ['is now deprecated', 'is no longer deprecated'],
  readOnly: ['is now read-only', 'is no longer read-only'],
  open: ['no longer needs a key', 'now needs a key'],
};

function fromTo({ before, after }: PlacedChange): string {
  if (before === undefined) return `is now ${shown(after)}; there was none`;
  return after === undefined ? `was ${shown(before)} and is gone` : `was ${shown(before)}, is now ${shown(after)}`;
}

/** Where, from the operation or event down to the field. */
export function placeInWords({ operation, parameter, body, status, event, field }: Place): string {
  if (operation === undefined && event === undefined) return 'the document';
  const inner = [
    parameter === undefined ? undefined : `${parameter.in} parameter ${parameter.name}`,
    body === true ? 'request body' : undefined,
    status === undefined ? undefined : `answer ${status}`,
    field,
  ].filter((part) => part !== undefined);
  const outer = operation === undefined ? `event ${clean(event ?? '')}` : addressInWords(operation);
  return inner.length === 0 ? outer : `${outer}: ${clean(inner.join(', '))}`;
}

const addressInWords = ({ name, method, path }: NonNullable<Place['operation']>): string =>
  clean(name.endsWith(`(${method} ${path})`) ? name : `${name} (${method} ${path})`);

const shown = (value: Json | undefined): string => clean(value === undefined ? 'none' : JSON.stringify(value));

const LONGEST = 160;

/** A stranger's text, fit for a terminal: no control characters, not endless. */
function clean(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1)}…` : plain;
}
