import type { Undo } from '../base/undo.ts';
import type { FileOwner } from './file.ts';
import type { FileRecord, FileStatements } from './statements.ts';

interface FileRow extends FileRecord {
  readonly dueAt: number;
}

/** One tenant's files in memory, by `placeOf`. */
export type MemoryFiles = Map<string, FileRow>;

const ownerText = ({ organizationId, kind, recordId }: FileOwner): string => `${organizationId}/${kind}/${recordId}`;
/** The zero sorts before every character of an id, so places sort as the table's primary key does. */
const placeOf = ({ organizationId, kind, recordId }: FileOwner, path: string): string =>
  [organizationId, kind, recordId, path].join('\0');

export function memoryFiles(table: MemoryFiles, undo: Undo): FileStatements {
  const change = (owner: FileOwner, path: string, changed: (row: FileRow) => Partial<FileRow>): Promise<void> => {
    const row = table.get(placeOf(owner, path));
    if (row !== undefined) undo.set(table, placeOf(owner, path), { ...row, ...changed(row) });
    return Promise.resolve();
  };
  const isDue = (row: FileRow, now: number): boolean =>
    row.state === 'wanted' && row.lostAt === null && row.dueAt <= now;
  const sorted = (): FileRow[] => [...table].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row);
  return {
    note: async (records, now) => {
      for (const { owner, files } of records) {
        for (const file of files) {
          const known = table.get(placeOf(owner, file.path));
          if (known === undefined) undo.set(table, placeOf(owner, file.path), freshRow({ ...file, owner }, now));
          else if (known.lostAt !== null) await change(owner, file.path, () => ({ lostAt: null }));
        }
        const paths = new Set(files.map(({ path }) => path));
        for (const row of table.values())
          if (ownerText(row.owner) === ownerText(owner) && row.lostAt === null && !paths.has(row.path))
            await change(owner, row.path, () => ({ lostAt: now }));
      }
    },
    wanted: (owner, now) =>
      Promise.resolve(
        sorted()
          .filter((row) => ownerText(row.owner) === ownerText(owner) && isDue(row, now))
          .map(shown),
      ),
    keep: (owner, path, stored) => change(owner, path, () => ({ state: 'stored', stored, reason: null })),
    postpone: (owner, path, reason, dueAt) =>
      change(owner, path, ({ attempts }) => ({ attempts: attempts + 1, reason, dueAt })),
    giveUp: (owner, path, reason) =>
      change(owner, path, ({ attempts }) => ({ attempts: attempts + 1, reason, state: 'given-up' })),
    due: (now, limit) => {
      const due = sorted()
        .filter((row) => isDue(row, now))
        .sort((left, right) => left.dueAt - right.dueAt);
      const owners = new Map(due.map(({ owner }) => [ownerText(owner), owner]));
      return Promise.resolve([...owners.values()].slice(0, limit));
    },
    page: (after, limit, of) =>
      Promise.resolve(
        sorted()
          .filter((row) => after === null || placeOf(row.owner, row.path) > placeOf(after.owner, after.path))
          .filter(({ owner }) => of === undefined || (owner.kind === of.kind && owner.recordId === of.recordId))
          .slice(0, limit)
          .map(shown),
      ),
    counts: () => {
      const rows = [...table.values()];
      const count = (state: FileRow['state']): number => rows.filter((row) => row.state === state).length;
      const wanted = rows.filter((row) => row.state === 'wanted' && row.lostAt === null).length;
      const bytes = rows.reduce((sum, { stored }) => sum + (stored?.bytes ?? 0), 0);
      return Promise.resolve({ wanted, stored: count('stored'), givenUp: count('given-up'), bytes });
    },
  };
}

const freshRow = (file: Pick<FileRow, 'owner' | 'path' | 'fileName' | 'mimeType'>, now: number): FileRow => ({
  ...file,
  state: 'wanted',
  stored: null,
  attempts: 0,
  reason: null,
  lostAt: null,
  dueAt: now,
});

const shown = ({ dueAt: _dueAt, ...file }: FileRow): FileRecord => file;
