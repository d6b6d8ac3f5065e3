import { objectOf, parseStored, type Json, type JsonObject } from '../base/json.ts';
import type { StoredEvent } from '../log/index.ts';
import { isKind, kindEntry } from '../maintainx/index.ts';

/** Fields whose change is nothing to tell a person. */
const DULL = new Set(['updatedAt', 'createdAt', 'id']);

/** An event as a sentence. `nameOf` finds a record's name by its stream, where it is known. */
export function inWords(event: StoredEvent, nameOf: (stream: string) => string | undefined): string {
  const [kindName = '', , recordId = ''] = event.stream.split('/');
  const [, verb = ''] = event.type.split('.');
  const name = nameOf(event.stream);
  const subject = `${kindName.replaceAll('-', ' ')} ${recordId}${name === undefined ? '' : ` "${name}"`}`.trim();
  const data = objectOf(parseStored(event.data));
  const details = event.family === 'fact' ? factDetails(data) : changeDetails(objectOf(data['changes']));
  return `${subject} ${verb.replaceAll('-', ' ')}${details === '' ? '' : `: ${details}`}`;
}

/** The name of a record at first sight, e.g. a work order's title. */
export function nameIn(event: StoredEvent): string | undefined {
  const [kind = ''] = event.stream.split('/');
  const record = objectOf(objectOf(parseStored(event.data))['record']);
  const name = isKind(kind) ? kindEntry(kind).title(record) : '';
  return name === '' ? undefined : name;
}

function changeDetails(changes: JsonObject): string {
  return Object.entries(changes)
    .filter(([field]) => !DULL.has(field))
    .slice(0, 3)
    .map(([field, change]) => `${field} ${short(objectOf(change)['before'])} → ${short(objectOf(change)['after'])}`)
    .join(', ');
}

function factDetails(body: JsonObject): string {
  const told = (name: string): Json | undefined => body[`new${name}`];
  const status = told('Status') ?? told('PartStatus') ?? told('State');
  if (typeof status === 'string') return `${short(body['oldStatus'])} → ${status}`;
  return typeof body['comment'] === 'string' ? short(body['comment']) : '';
}

function short(value: Json | undefined): string {
  if (value === undefined || value === null) return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
