import type { Method } from './shape.ts';

/**
 * MaintainX's operations have no ids. Their names follow from method and path:
 *
 *   verb      GET of a collection `list`, other GET `get`, POST `create`, PATCH `update`, PUT `put`, DELETE `delete`
 *   noun      the words of the path, each in the singular, but the last in the plural for lists, for a POST whose body
 *             is an array, and where a DELETE takes the whole collection
 *
 * `GET /workorders/{id}/comments` is `listWorkOrderComments`, `PUT /assets/{id}/attachments/{filename}` is
 * `putAssetAttachment`. A last segment that is a verb stands in front: `POST /workPermits/{id}/sign` is `signWorkPermit`.
 */
export function operationName(method: Method, path: string, hasArrayBody = false): string {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== QUALIFIER);
  const nouns = segments.filter((segment) => !segment.startsWith('{'));
  const last = nouns.at(-1) ?? '';
  if (VERBS.includes(last)) return `${last}${nouns.slice(0, -1).map(singular).join('')}`;
  const isWhole = segments.at(-1) === last && isPlural(last);
  const keepsPlural = isWhole && (method === 'GET' || method === 'DELETE' || (method === 'POST' && hasArrayBody));
  const noun = nouns.map((word, index) => (keepsPlural && index === nouns.length - 1 ? pascal(word) : singular(word)));
  return `${method === 'GET' && isWhole ? 'list' : VERB_OF[method]}${noun.join('')}`;
}

/** Names a part of a collection, not one of its records: `GET /customfields/{entity}` is a list. */
const QUALIFIER = '{entity}';

const VERB_OF: Readonly<Record<Method, string>> = {
  GET: 'get',
  POST: 'create',
  PATCH: 'update',
  PUT: 'put',
  DELETE: 'delete',
};

/** Last segments that say what to do. */
const VERBS: readonly string[] = ['sign'];

/** Words that MaintainX writes together in paths, longest first where one begins another. */
const WORDS =
  /(work|order|request|portal|permit|asset|criticalit|statuses|status|custom|field|maintenance|plan|meter|reading|trigger|template|part|transfer|purchase|procedure|row|root|cause|analysis|report|blueprint|sub(?=work))/g;

/** `workorders` → `WorkOrders`. */
export function pascal(segment: string): string {
  const spaced = segment.replaceAll(/([A-Z])/g, ' $1').replaceAll(/[-_]/g, ' ');
  return spaced
    .toLowerCase()
    .replaceAll(WORDS, ' $1')
    .split(' ')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}

const isPlural = (segment: string): boolean => singular(segment) !== pascal(segment);

/** `categories` → `Category`. */
export function singular(segment: string): string {
  const word = pascal(segment);
  if (/status$|analysis$|address$/i.test(word)) return word;
  if (/(statuses|addresses)$/i.test(word)) return word.slice(0, -2);
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
