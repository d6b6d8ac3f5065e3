import type { Undo } from '../base/undo.ts';
import { keyText } from '../records/index.ts';
import { READ_REASONS, type Hydration, type HydrationStatements } from './statements.ts';
import { mergeWish, mergeWishes } from './wishes.ts';

interface HydrationRow extends Hydration {
  readonly parkedReason: string | null;
}

/** One tenant's wishes in memory, by `keyText`. */
export type MemoryHydrations = Map<string, HydrationRow>;

export function memoryHydrations(table: MemoryHydrations, undo: Undo): HydrationStatements {
  const waiting = (): HydrationRow[] => [...table.values()].filter((row) => row.parkedReason === null);
  const change = (key: Hydration['key'], changed: (row: HydrationRow) => HydrationRow): Promise<void> => {
    const row = table.get(keyText(key));
    if (row !== undefined) undo.set(table, keyText(key), changed(row));
    return Promise.resolve();
  };
  return {
    want: (wishes, ticket, now) => {
      for (const wish of mergeWishes(wishes)) {
        const known = table.get(keyText(wish.key));
        const byHook = wish.reason === 'hook';
        const row: HydrationRow =
          known === undefined
            ? { ...wish, wanted: ticket, attempts: 0, wishedAt: now, dueAt: now, parkedReason: null }
            : {
                ...known,
                ...mergeWish(known, wish),
                wanted: Math.max(ticket, known.wanted),
                dueAt: byHook ? Math.min(now, known.dueAt) : known.dueAt,
                attempts: byHook && known.parkedReason !== null ? 0 : known.attempts,
                parkedReason: byHook ? null : known.parkedReason,
              };
        undo.set(table, keyText(wish.key), row);
      }
      return Promise.resolve();
    },
    due: (now, limit) =>
      Promise.resolve(
        waiting()
          .filter((row) => row.dueAt <= now)
          .sort(
            (left, right) =>
              READ_REASONS.indexOf(left.reason) - READ_REASONS.indexOf(right.reason) || left.wanted - right.wanted,
          )
          .slice(0, limit),
      ),
    nextDueAt: () =>
      Promise.resolve(waiting().reduce<number | null>((least, row) => Math.min(least ?? row.dueAt, row.dueAt), null)),
    oldestWishAt: () =>
      Promise.resolve(
        waiting().reduce<number | null>((least, row) => Math.min(least ?? row.wishedAt, row.wishedAt), null),
      ),
    fulfil: (key, readBegan) => {
      const row = table.get(keyText(key));
      if (row !== undefined && row.wanted < readBegan) undo.delete(table, keyText(key));
      return Promise.resolve();
    },
    postpone: (key, dueAt) => change(key, (row) => ({ ...row, attempts: row.attempts + 1, dueAt })),
    park: (key, parkedReason) => change(key, (row) => ({ ...row, attempts: row.attempts + 1, parkedReason })),
    counts: () => Promise.resolve({ waiting: waiting().length, parked: table.size - waiting().length }),
  };
}
