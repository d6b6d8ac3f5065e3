import { badFields, fieldError, refused } from './answer.ts';

/** Refuses parameters that the operation does not know. */
export function onlyKnown(query: URLSearchParams, known: (name: string) => boolean): void {
  const errors = [...new Set(query.keys())]
    .filter((name) => !known(name))
    .map((name) => fieldError('is not a known query parameter', name, query.get(name) ?? ''));
  if (errors.length > 0) throw badFields(errors);
}

/** `limit`: 1 to 200, 100 when absent (FACTS 2.3). */
export function limitOf(query: URLSearchParams): number {
  const text = query.get('limit');
  if (text === null) return 100;
  const limit = Number(text);
  if (text.trim() === '' || !Number.isInteger(limit)) throw badFields([fieldError('must be integer', 'limit', text)]);
  if (limit > 200) throw badFields([fieldError('must be <= 200', 'limit', limit)]);
  if (limit < 1) throw badFields([fieldError('must be >= 1', 'limit', limit)]);
  return limit;
}

/** The expand tokens; one bad token refuses the whole page. */
export function expandOf(query: URLSearchParams, tokens: readonly string[]): ReadonlySet<string> {
  const asked = query.getAll('expand');
  const index = asked.findIndex((token) => !tokens.includes(token));
  const bad = asked[index];
  if (bad !== undefined)
    throw badFields([
      fieldError(`must be equal to one of the allowed values: ${tokens.join(', ')}`, `expand.${index}`, bad),
    ]);
  return new Set(asked);
}

/** The sort asked for. */
export function sortOf(query: URLSearchParams, sorts: readonly string[], otherwise: string): string {
  const sort = query.get('sort') ?? otherwise;
  if (query.has('sort') && !sorts.includes(sort)) throw refused(400, `'${sort}' is not a member of ${sorts.join(',')}`);
  return sort;
}

/** `true`, `1` and `yes` are yes. */
export const isYes = (value: string | null): boolean => ['true', '1', 'yes'].includes((value ?? '').toLowerCase());
