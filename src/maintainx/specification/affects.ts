import type { OperationPlace, PlacedChange } from './differences.ts';

/** What Millwright does with MaintainX, as far as a difference can touch it. The catalogue gives it. */
export interface Parts {
  readonly mirrored: readonly MirroredKind[];
  /** What is kept of each webhook, and the kinds whose records it has read again. */
  readonly events: Readonly<Record<string, { readonly records: readonly { readonly kind: string }[] }>>;
}

export interface MirroredKind {
  readonly kind: string;
  readonly path: string;
  readonly listKey: string;
}

export const NO_PARTS: Parts = { mirrored: [], events: {} };

/** The parts of Millwright that a change touches, in words. */
export function affectedParts(change: PlacedChange, parts: Parts): readonly string[] {
  const { event, operation } = change.place;
  if (event !== undefined) return eventParts(event, change, parts);
  return operation === undefined ? [] : operationParts(operation, change, parts);
}

function eventParts(event: string, { verb, aspect }: PlacedChange, { events }: Parts): readonly string[] {
  if (verb === 'added' && aspect === 'event')
    return [`webhook facts (${event} is not kept yet)`, 'event types', 'sandbox'];
  const kinds = Object.hasOwn(events, event) ? (events[event]?.records ?? []) : [];
  return [
    `webhook fact ${event}`,
    `event types of ${event}`,
    ...new Set(kinds.map(({ kind }) => `mirror of kind ${kind}: reading again after ${event}`)),
    'sandbox',
  ];
}

function operationParts(operation: OperationPlace, change: PlacedChange, parts: Parts): readonly string[] {
  const isNew = change.aspect === 'operation' && change.verb === 'added';
  const types = isNew ? `client types (${operation.name} is not in them yet)` : `client types of ${operation.name}`;
  return [types, ...(isNew ? [] : useParts(operation, change, parts)), 'sandbox'];
}

function useParts(operation: OperationPlace, change: PlacedChange, { mirrored }: Parts): readonly string[] {
  const { method, path, section } = operation;
  if (path.startsWith('/subscriptions')) return ['webhook subscriptions'];
  if (method !== 'GET') return [`write path of ${section.toLowerCase()}`];
  if (path === '/organizations') return ['key check of tenants'];
  return mirrored.flatMap((kind) => mirrorParts(kind, path, change));
}

function mirrorParts({ kind, path, listKey }: MirroredKind, read: string, { place }: PlacedChange): readonly string[] {
  const { status, field } = place;
  const isRefusal = status !== undefined && !status.startsWith('2');
  const isList = read === path;
  if (!isList && !isSingleOf(path, read)) return [];
  const mirror = `mirror of kind ${kind}`;
  if (isRefusal) return [`${mirror}: how a read fails`];
  if (!isList) return [`${mirror}: single reads`];
  if (status === undefined) return [`${mirror}: reading the list`];
  return [field?.startsWith(`${listKey}[]`) === true ? `${mirror}: list rows` : `${mirror}: list pages`];
}

const isSingleOf = (list: string, path: string): boolean =>
  path.startsWith(`${list}/`) && /^\{[^{}/]*\}$/.test(path.slice(list.length + 1));
