import { kindEntry, KINDS, type Kind } from '../../maintainx/catalogue/index.ts';

const KIND_BY_SEGMENT: ReadonlyMap<string, Kind> = new Map(
  KINDS.map((kind) => [
    kindEntry(kind)
      .path.split('/')
      .find((segment) => segment !== '') ?? kind,
    kind,
  ]),
);

/** The kind that an operation's path begins with: `/workorders/{id}/comments` is about work orders. */
export const kindAt = (path: string): Kind | undefined => KIND_BY_SEGMENT.get(path.split('/')[1] ?? '');
