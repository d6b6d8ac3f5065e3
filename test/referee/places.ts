import type { Operation } from './document.ts';
import type { Known } from './known.ts';
import { FILE_FIELD } from './procedure-fields.ts';

/** Collections whose name is not the first word of the path. */
const COLLECTION_OF: Readonly<Record<string, string>> = {
  contactId: 'contacts',
  userId: 'members',
};

/** A path to something that exists. */
export function pathTo(known: Known, operation: Operation, index = 0): Record<string, string | number> {
  const [collection = ''] = operation.segments;
  // By the path itself: the document forgets to describe a parameter here and there.
  const names = operation.segments.filter((segment) => segment.startsWith('{')).map((segment) => segment.slice(1, -1));
  return Object.fromEntries(names.map((name) => [name, valueFor(known, collection, operation, name, index)]));
}

function valueFor(
  known: Known,
  collection: string,
  operation: Operation,
  name: string,
  index: number,
): string | number {
  if (name === 'entity') return 'assets';
  if (name === 'filename') return 'walk.txt';
  if (operation.segments.includes('{index}')) return name === 'index' ? FILE_FIELD : known.one('workorders-with-files');
  if (collection === 'customfields') return known.one('customfields-assets', index);
  // A vendor with contacts and a team with members are remembered by themselves.
  if (name === 'id' && operation.segments.includes('{contactId}')) return known.one('vendors-with-contacts');
  if (name === 'teamId') return known.one('teams-with-members');
  return known.one(COLLECTION_OF[name] ?? collection, index);
}
