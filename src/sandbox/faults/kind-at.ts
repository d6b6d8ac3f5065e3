import { coreEntry, CORE_KINDS, type CoreKind } from '../../maintainx/catalogue/index.ts';

const KIND_BY_SEGMENT: ReadonlyMap<string, CoreKind> = new Map(
  CORE_KINDS.map((kind) => [
    coreEntry(kind)
      .path.split('/')
      .find((segment) => segment !== '') ?? kind,
    kind,
  ]),
);

/** The kind that an operation's path begins with: `/workorders/{id}/comments` is about work orders. */
export const kindAt = (path: string): CoreKind | undefined => KIND_BY_SEGMENT.get(path.split('/')[1] ?? '');
