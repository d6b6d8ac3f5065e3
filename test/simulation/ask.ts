import { kindEntry, KINDS, type Kind } from '../../src/maintainx/index.ts';

/** What a request asks for: a page of a kind's list, or one record of it. */
export interface Ask {
  readonly kind: Kind;
  /** null: the list, or the rows that hang on a record. */
  readonly id: string | null;
  readonly cursor: string | null;
}

/** `/workorders/7/comments` by `workorders//comments`. */
const BY_PATH: ReadonlyMap<string, Kind> = new Map(
  KINDS.map((kind) => [
    kindEntry(kind)
      .path.slice(1)
      .replace(/\{\w+\}/, ''),
    kind,
  ]),
);

/** Undefined: something else than a kind's list, rows or record. */
export function askOf(url: URL): Ask | undefined {
  const [, path = '', id, nested, ...rest] = url.pathname.replace(/^\/v1/, '').split('/');
  const cursor = url.searchParams.get('cursor');
  if (rest.length > 0) return undefined;
  const under = nested === undefined ? BY_PATH.get(`${path}/`) : BY_PATH.get(`${path}//${nested}`);
  if (under !== undefined) return { kind: under, id: null, cursor };
  const kind = BY_PATH.get(path);
  return kind === undefined || nested !== undefined ? undefined : { kind, id: id ?? null, cursor };
}
