import type { Undo } from '../base/undo.ts';
import { keyText, type HeldRecord } from './record.ts';
import type { KindCount, RecordStatements } from './statements.ts';
import type { Kind } from '../maintainx/index.ts';

/** One tenant's records in memory, by `keyText`. */
export type MemoryRecords = Map<string, HeldRecord>;

export function memoryRecords(records: MemoryRecords, undo: Undo): RecordStatements {
  const livingOf = (organizationId: string, kind: string): HeldRecord[] =>
    [...records.values()]
      .filter((record) => record.deletedAt === null)
      .filter(({ key }) => key.organizationId === organizationId && key.kind === kind);
  return {
    lock: (keys) =>
      Promise.resolve(
        new Map(
          keys.map(keyText).flatMap((key) => {
            const record = records.get(key);
            return record === undefined ? [] : [[key, record]];
          }),
        ),
      ),
    write: (changed) => {
      for (const record of changed) undo.set(records, keyText(record.key), record);
      return Promise.resolve();
    },
    page: (after, limit) =>
      Promise.resolve(
        [...records.values()]
          .filter((record) => after === null || compareKeys(record.key, after) > 0)
          .sort((left, right) => compareKeys(left.key, right.key))
          .slice(0, limit),
      ),
    isLiving: (key) => Promise.resolve(records.get(keyText(key))?.deletedAt === null),
    living: (keys) => Promise.resolve(new Set(keys.map(keyText).filter((key) => records.get(key)?.deletedAt === null))),
    livingCount: (organizationId, kind) => Promise.resolve(livingOf(organizationId, kind).length),
    longUnread: (organizationId, kind, readBefore, limit) =>
      Promise.resolve(
        livingOf(organizationId, kind)
          .filter(({ detailAt }) => detailAt === null || detailAt < readBefore)
          .sort((left, right) => (left.detailAt ?? 0) - (right.detailAt ?? 0) || compareKeys(left.key, right.key))
          .slice(0, limit)
          .map((record) => record.key.recordId),
      ),
    counts: (organizationId) => {
      const counts = new Map<Kind, KindCount>();
      for (const { key, deletedAt } of records.values()) {
        if (organizationId !== null && key.organizationId !== organizationId) continue;
        const { kind } = key;
        const { living, deleted } = counts.get(kind) ?? { living: 0, deleted: 0 };
        counts.set(
          kind,
          deletedAt === null ? { kind, living: living + 1, deleted } : { kind, living, deleted: deleted + 1 },
        );
      }
      return Promise.resolve([...counts.values()].sort((left, right) => compareText(left.kind, right.kind)));
    },
  };
}

/** Organisation, kind, id: as the table's primary key sorts under the C collation. */
function compareKeys(left: HeldRecord['key'], right: HeldRecord['key']): number {
  return (
    compareText(left.organizationId, right.organizationId) ||
    compareText(left.kind, right.kind) ||
    compareText(left.recordId, right.recordId)
  );
}

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
