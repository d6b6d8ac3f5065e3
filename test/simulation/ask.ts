import { KINDS, kindEntry, type Kind } from '../../src/maintainx/index.ts';

/** What a request asks for: a page of a kind's list, or one record of it. */
export interface Ask {
  readonly kind: Kind;
  /** null: the list. */
  readonly id: string | null;
  readonly cursor: string | null;
}

const BY_PATH: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind) => [kindEntry(kind).path.slice(1), kind]));

/** Undefined: something else than a kind's list or record. */
export function askOf(url: URL): Ask | undefined {
  const [, path = '', id, ...rest] = url.pathname.replace(/^\/v1/, '').split('/');
  const kind = BY_PATH.get(path);
  if (kind === undefined || rest.length > 0) return undefined;
  return { kind, id: id ?? null, cursor: url.searchParams.get('cursor') };
}
