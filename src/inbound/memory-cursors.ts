import type { Undo } from '../base/undo.ts';
import type { CursorStatements } from './statements.ts';

/** One tenant's watermarks in memory, by `<organisation>/<kind>`. */
export type MemoryCursors = Map<string, { readonly watermark: number; readonly polledAt: number }>;

export function memoryCursors(table: MemoryCursors, undo: Undo): CursorStatements {
  return {
    watermark: (organizationId, kind) => Promise.resolve(table.get(`${organizationId}/${kind}`)?.watermark ?? null),
    polledAt: (organizationId, kind) => Promise.resolve(table.get(`${organizationId}/${kind}`)?.polledAt ?? null),
    saveWatermark: (organizationId, kind, watermark, now) => {
      const key = `${organizationId}/${kind}`;
      const greatest = Math.max(watermark, table.get(key)?.watermark ?? watermark);
      undo.set(table, key, { watermark: greatest, polledAt: now });
      return Promise.resolve();
    },
    lastPoll: () => {
      const times = [...table.values()].map((row) => row.polledAt);
      return Promise.resolve(times.length === 0 ? null : Math.min(...times));
    },
  };
}
