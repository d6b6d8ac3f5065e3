import type { Undo } from '../base/undo.ts';
import type { CursorStatements } from './statements.ts';

interface CursorRow {
  readonly watermark: number;
  readonly polledAt: number;
  readonly succeededAt: number | null;
}

/** One tenant's watermarks in memory, by `<organisation>/<kind>`. */
export type MemoryCursors = Map<string, CursorRow>;

export function memoryCursors(table: MemoryCursors, undo: Undo): CursorStatements {
  const row = (organizationId: string, kind: string): CursorRow | undefined => table.get(`${organizationId}/${kind}`);
  return {
    watermark: (organizationId, kind) => Promise.resolve(row(organizationId, kind)?.watermark ?? null),
    polledAt: (organizationId, kind) => Promise.resolve(row(organizationId, kind)?.polledAt ?? null),
    succeededAt: (organizationId, kind) => Promise.resolve(row(organizationId, kind)?.succeededAt ?? null),
    saveWatermark: (organizationId, kind, watermark, now) => {
      const greatest = Math.max(watermark, row(organizationId, kind)?.watermark ?? watermark);
      undo.set(table, `${organizationId}/${kind}`, { watermark: greatest, polledAt: now, succeededAt: now });
      return Promise.resolve();
    },
    attempted: (organizationId, kind, now) => {
      const known = row(organizationId, kind);
      if (known !== undefined) undo.set(table, `${organizationId}/${kind}`, { ...known, polledAt: now });
      return Promise.resolve();
    },
    lastPoll: (organizationId) => {
      const times = [...table]
        .filter(([key]) => organizationId === null || key.startsWith(`${organizationId}/`))
        .map(([, one]) => one.polledAt);
      return Promise.resolve(times.length === 0 ? null : Math.min(...times));
    },
  };
}
